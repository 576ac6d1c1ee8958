package io.sluice.benchmarks.state;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import io.sluice.benchmarks.comparison.Pairs;
import io.sluice.benchmarks.comparison.Pairs.Pair;
import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class StateReportTest {

    private final StateReport onHeap =
            new StateReport(
                    Operation.Tier.HEAP, List.of(report("get", 1.28), report("update", 0.92)));

    @Test
    void claimsAreAboutTheMeanAndTheSlowest() {
        assertThat(onHeap.resultLines())
                .containsExactly(
                        "RESULT state.heap.geomean ratio=1.08 error=0.00 goal>=0.97 met",
                        "The slowest on heap against stock is heap.value.update.",
                        "RESULT state.heap.worst ratio=0.92 error=0.00 goal>=0.93 missed");
    }

    @Test
    void onDiskOnlyTheMeanIsClaimed() {
        StateReport onDisk = new StateReport(Operation.Tier.DISK, onHeap.operations());

        assertThat(onDisk.resultLines())
                .containsExactly("RESULT state.disk.geomean ratio=1.08 error=0.00 goal>=0.97 met");
    }

    @Test
    void fileHoldsEveryMeasurement() {
        ObjectNode json = new ObjectMapper().createObjectNode();

        onHeap.addTo(json);

        assertThat(json.at("/state.heap.worst/operation").asText()).isEqualTo("heap.value.update");
        assertThat(json.at("/operations/heap.value.get/ours"))
                .hasSize(5)
                .allMatch(speed -> speed.asDouble() == 1.28e6);
        assertThat(json.at("/operations/heap.value.get/stock")).hasSize(5);
    }

    private static OperationReport report(String method, double ratio) {
        return new OperationReport(
                new Operation(Operation.Tier.HEAP, "Value", method),
                new Pairs(Collections.nCopies(5, new Pair(ratio * 1e6, 1e6))));
    }
}
