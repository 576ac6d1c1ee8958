package io.sluice.benchmarks.startup;

import org.junit.jupiter.api.Test;

import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;

class CpuTimeTest {

    @Test
    void sumsUserAndSystemTimeOfTheProcessAndItsChildren() {
        String stat =
                "4711 (a (b) c) S 1 4711 4711 0 -1 4194304 5 6 7 8 213 25 15 4 20 0 30 0 99 1 2";

        assertThat(CpuTime.parse(stat)).isEqualTo(Duration.ofMillis(2570));
    }

    @Test
    void ownProcessHasUsedSome() throws Exception {
        assertThat(CpuTime.of(ProcessHandle.current().pid())).isPositive();
    }
}
