package io.sluice.runtime.backpressure.load;

import io.sluice.runtime.backpressure.load.JobTopology.Edge;
import io.sluice.runtime.backpressure.load.JobTopology.Vertex;
import io.sluice.runtime.backpressure.load.PeriodLoad.Input;
import io.sluice.runtime.backpressure.load.PeriodLoad.JobPart;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class JobLoadTest {

    private static final JobTopology TOPOLOGY =
            new JobTopology(
                    "job",
                    "name",
                    List.of(new Vertex("source", "source", 2), new Vertex("sink", "sink", 1)),
                    List.of(new Edge("source", "sink")));

    @Test
    void subtasksOfAllTaskManagersAreThere() {
        JobLoad load =
                JobLoad.of(
                        TOPOLOGY,
                        List.of(
                                period("tm-1", subtask("source", 0, 0)),
                                period("tm-2", subtask("source", 1, 0), subtask("sink", 0, 0))));

        assertThat(load.of("source")).extracting(SubtaskLoad::subtask).containsExactly(0, 1);
        assertThat(load.of("sink")).hasSize(1);
        assertThat(load.endMillis()).isEqualTo(10_000);
    }

    @Test
    void lastAttemptOfASubtaskCounts() {
        JobLoad load =
                JobLoad.of(
                        TOPOLOGY,
                        List.of(
                                period("tm-1", subtask("sink", 0, 1)),
                                period("tm-2", subtask("sink", 0, 0))));

        assertThat(load.of("sink")).extracting(SubtaskLoad::attempt).containsExactly(1);
    }

    @Test
    void outputBelongsToTheEdgeWhoseTargetConsumesIt() {
        PeriodLoad producer =
                new PeriodLoad(
                        10_000,
                        5_000,
                        new ProcessLoad("tm-1", 0, 0),
                        Map.of(
                                "job",
                                new JobPart(
                                        List.of(),
                                        List.of(new OutputLoad("source", 1, "data", 0.9, 0.5)),
                                        List.of())));
        PeriodLoad consumer =
                new PeriodLoad(
                        10_000,
                        5_000,
                        new ProcessLoad("tm-2", 0, 0),
                        Map.of(
                                "job",
                                new JobPart(
                                        List.of(), List.of(), List.of(new Input("data", "sink")))));

        JobLoad load = JobLoad.of(TOPOLOGY, List.of(producer, consumer));

        assertThat(load.edges()).containsExactly(new EdgeLoad("source", "sink", 1, 0.9, 0.5));
    }

    private static PeriodLoad period(String taskManager, SubtaskLoad... subtasks) {
        return new PeriodLoad(
                10_000,
                5_000,
                new ProcessLoad(taskManager, 0, 0),
                Map.of("job", new JobPart(List.of(subtasks), List.of(), List.of())));
    }

    private static SubtaskLoad subtask(String vertex, int subtask, int attempt) {
        return new SubtaskLoad(
                vertex, subtask, attempt, 0, 0, 0, 0, 0, new ProcessLoad("any", 0, 0));
    }
}
