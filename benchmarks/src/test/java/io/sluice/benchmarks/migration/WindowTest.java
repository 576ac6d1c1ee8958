package io.sluice.benchmarks.migration;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class WindowTest {

    @Test
    void recordAfterTheEndDoesNotCount() {
        Window window = new Window();
        window.add(1_000_000, 2_000_000);
        window.end();

        window.add(9_000_000, 9_000_000);

        ObjectNode json = new ObjectMapper().createObjectNode();
        window.addTo(json);
        assertThat(json.at("/latenessMillis/max").asDouble()).isEqualTo(1);
        assertThat(json.at("/gapMillis/max").asDouble()).isEqualTo(2);
        assertThat(window.recordsASecond() * window.seconds()).isCloseTo(1, within(1e-6));
    }
}
