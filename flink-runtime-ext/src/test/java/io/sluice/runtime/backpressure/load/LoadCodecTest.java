package io.sluice.runtime.backpressure.load;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.jobgraph.IntermediateDataSetID;
import org.apache.flink.runtime.jobgraph.JobVertexID;

import io.sluice.runtime.backpressure.load.PeriodLoad.Input;
import io.sluice.runtime.backpressure.load.PeriodLoad.JobPart;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LoadCodecTest {

    private final String job = new JobID().toHexString();
    private final String vertex = new JobVertexID().toHexString();
    private final String dataSet = new IntermediateDataSetID().toHexString();
    private final ProcessLoad process = new ProcessLoad("tm-1", 0.25, Double.NaN);

    @Test
    void reportComesBackAsItWas() {
        LoadReport report =
                new LoadReport(
                        true,
                        List.of(
                                period(10_000, List.of(load(0), load(1)), true),
                                period(15_000, List.of(), false)),
                        List.of(
                                new Episode(
                                        "a-1", job, vertex, 3, 1, "tm-1", 1234, 56, true, false,
                                        0.75)));

        assertThat(LoadCodec.decode(LoadCodec.encode(report))).isEqualTo(report);
    }

    @Test
    void subtaskTakesFewBytes() {
        int subtasks = 10_000;
        LoadReport report =
                new LoadReport(
                        false,
                        List.of(
                                period(
                                        10_000,
                                        IntStream.range(0, subtasks).mapToObj(this::load).toList(),
                                        false)),
                        List.of());

        assertThat(LoadCodec.encode(report).length).isLessThan(20 * subtasks);
    }

    @Test
    void somethingElseIsRefused() {
        assertThatThrownBy(() -> LoadCodec.decode(new byte[] {1, 2, 3}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Not a report of loads: 3 bytes.");
    }

    private SubtaskLoad load(int subtask) {
        return new SubtaskLoad(
                vertex, subtask, 2, 0.5, 0.1234, 0.0001, Double.NaN, 123_456, process);
    }

    private PeriodLoad period(long endMillis, List<SubtaskLoad> subtasks, boolean edges) {
        return new PeriodLoad(
                endMillis,
                5_000,
                process,
                Map.of(
                        job,
                        new JobPart(
                                subtasks,
                                edges
                                        ? List.of(new OutputLoad(vertex, 1, dataSet, 0.5, 1))
                                        : List.of(),
                                edges ? List.of(new Input(dataSet, vertex)) : List.of())));
    }
}
