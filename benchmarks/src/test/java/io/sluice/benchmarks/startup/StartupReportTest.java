package io.sluice.benchmarks.startup;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Collections;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class StartupReportTest {

    private final StartupReport report =
            new StartupReport(
                    StartedProcess.JOBMANAGER,
                    Collections.nCopies(5, start(1500, 2000)),
                    Collections.nCopies(5, start(3000, 5000)));

    @Test
    void tableShowsWallAndCpuTime() {
        assertThat(report.tableRows())
                .isEqualToIgnoringWhitespace(
                        "jobmanager wall 1.50 (1.50-1.50) 3.00 (3.00-3.00) 0.50 +- 0.00"
                                + " jobmanager CPU 2.00 (2.00-2.00) 5.00 (5.00-5.00) 0.40 +- 0.00");
    }

    @Test
    void claimIsAboutWallTime() {
        assertThat(report.resultLines())
                .containsExactly("RESULT startup.jobmanager ratio=0.50 error=0.00 goal<=0.65 met");
    }

    @Test
    void fileHoldsEverySingleTime() {
        ObjectNode json = new ObjectMapper().createObjectNode();

        report.addTo(json);

        assertThat(json.toString())
                .isEqualTo(
                        "{\"startup.jobmanager\":{\"goal\":0.65,\"met\":true,\"clear\":true,"
                                + "\"wallSeconds\":{\"ratio\":0.5,\"error\":0.0,"
                                + "\"ours\":[1.5,1.5,1.5,1.5,1.5],\"stockStyle\":[3.0,3.0,3.0,3.0,3.0]},"
                                + "\"cpuSeconds\":{\"ratio\":0.4,\"error\":0.0,"
                                + "\"ours\":[2.0,2.0,2.0,2.0,2.0],\"stockStyle\":[5.0,5.0,5.0,5.0,5.0]}}}");
    }

    private static Start start(long wallMillis, long cpuMillis) {
        return new Start(
                Duration.ofMillis(wallMillis),
                Duration.ofMillis(cpuMillis),
                new CommandLine(List.of()));
    }
}
