package io.sluice.benchmarks.backpressure;

import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class TaskWaitsTest {

    private static final String STATUS =
            """
            Name:\tKeyed (2/2)#0
            State:\tS (sleeping)
            voluntary_ctxt_switches:\t1234
            nonvoluntary_ctxt_switches:\t99
            """;

    @Test
    void waitsOfATaskThreadAreRead() {
        assertThat(TaskWaits.parse(STATUS, List.of("Source: ", "Keyed"))).isEqualTo(1234);
    }

    @Test
    void otherThreadsDoNotCount() {
        assertThat(TaskWaits.parse(STATUS, List.of("Source: ", "Counted"))).isZero();
        assertThat(TaskWaits.parse("", List.of("Keyed"))).isZero();
    }
}
