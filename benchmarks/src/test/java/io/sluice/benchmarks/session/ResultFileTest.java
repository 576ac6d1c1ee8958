package io.sluice.benchmarks.session;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Instant;

import static org.assertj.core.api.Assertions.assertThat;

class ResultFileTest {

    @TempDir Path directory;

    @Test
    void saysWhatRanWhenAndWhere() throws Exception {
        Machine machine = new Machine("Linux 6", "amd64", 2, 1L << 30, 0.5, "Vendor 17");
        ResultFile file =
                new ResultFile(
                        directory.resolve("results"),
                        "startup",
                        Instant.parse("2026-11-21T05:06:07.8Z"),
                        "80c9e38-dirty",
                        machine);
        file.root().put("answer", 42);

        Path written = file.write();

        assertThat(written).isEqualTo(directory.resolve("results/startup-20261121T050607Z.json"));
        JsonNode json = new ObjectMapper().readTree(written.toFile());
        assertThat(json.toString())
                .isEqualTo(
                        "{\"benchmark\":\"startup\",\"started\":\"2026-11-21T05:06:07.800Z\","
                                + "\"commit\":\"80c9e38-dirty\",\"machine\":{\"operatingSystem\":\"Linux 6\","
                                + "\"architecture\":\"amd64\",\"cores\":2,\"memoryBytes\":1073741824,"
                                + "\"load\":0.5,\"jdk\":\"Vendor 17\"},\"answer\":42}");
    }

    @Test
    void machineIsBusyIfHalfOfItsCoresAreTaken() {
        assertThat(new Machine("Linux 6", "amd64", 2, 1, 1.0, "Vendor 17").isBusy()).isFalse();
        assertThat(new Machine("Linux 6", "amd64", 2, 1, 1.1, "Vendor 17").isBusy()).isTrue();
    }
}
