package io.sluice.benchmarks.fs;

import org.junit.jupiter.api.Test;

import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class CallsTest {

    @Test
    void earlierCallsAreTakenAway() {
        Calls earlier = new Calls(Map.of("create", 2L, "mkdirs", 1L));
        Calls later = new Calls(Map.of("create", 5L, "mkdirs", 1L, "delete", 1L));

        assertThat(later.since(earlier).byOperation())
                .containsOnly(Map.entry("create", 3L), Map.entry("delete", 1L));
    }

    @Test
    void renewedLeasesAreCausedByTime() {
        Calls calls = new Calls(Map.of("create", 5L, "renewLease", 2L));

        assertThat(calls.total()).isEqualTo(7);
        assertThat(calls.caused()).isEqualTo(5);
    }

    @Test
    void mostFrequentComesFirst() {
        Calls calls = new Calls(Map.of("complete", 2L, "create", 2L, "getFileInfo", 9L));

        assertThat(calls.describe(4)).isEqualTo("getFileInfo 2.3, complete 0.5, create 0.5");
    }
}
