package io.sluice.benchmarks.migration;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import io.sluice.benchmarks.migration.UnderLoadPart.UnderLoadReport;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class UnderLoadReportTest {

    private final ObjectNode measured = new ObjectMapper().createObjectNode();
    private final ArrayNode cycles = measured.putArray("cycles");

    @Test
    void eachMoveIsComparedWithTheRestBeforeIt() {
        for (int i = 0; i < 5; i++) {
            ObjectNode cycle = cycles.addObject();
            part(cycle.putObject("heap"), 1000, 2, 1);
            part(cycle.putObject("out"), 900, 5, 3);
            part(cycle.putObject("disk"), 1000, 3, 2);
            part(cycle.putObject("in"), 800, 14, 4);
        }

        assertThat(new UnderLoadReport("load.disk", measured).resultLines())
                .containsExactly(
                        "RESULT migration.load.disk.out.throughput ratio=0.90 error=0.00 goal>=0.85 met",
                        "RESULT migration.load.disk.out.pause.p999 difference=2.0ms error=0.0ms goal<=10ms met",
                        "RESULT migration.load.disk.out.lateness.p999 difference=3.0ms error=0.0ms goal<=10ms met",
                        "RESULT migration.load.disk.in.throughput ratio=0.80 error=0.00 goal>=0.85 missed",
                        "RESULT migration.load.disk.in.pause.p999 difference=2.0ms error=0.0ms goal<=10ms met",
                        "RESULT migration.load.disk.in.lateness.p999 difference=11.0ms error=0.0ms goal<=10ms missed");
    }

    private static void part(
            ObjectNode part, double recordsASecond, double lateMillis, double gapMillis) {
        part.put("seconds", 1).put("recordsPerSecond", recordsASecond);
        part.putObject("latenessMillis").put("p999", lateMillis).put("max", lateMillis);
        part.putObject("gapMillis").put("p999", gapMillis).put("max", gapMillis);
    }
}
