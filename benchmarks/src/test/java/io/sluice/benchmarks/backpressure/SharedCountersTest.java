package io.sluice.benchmarks.backpressure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

class SharedCountersTest {

    @TempDir Path directory;

    @Test
    void countersOfAllWhoMapTheFileAreAddedUp() throws IOException {
        Path file = directory.resolve("records");
        SharedCounters harness = SharedCounters.in(file, 2);
        assertThat(harness.total()).isZero();

        SharedCounters.in(file, 2).set(0, 64);
        SharedCounters.in(file, 2).set(1, 1L << 40);
        SharedCounters.in(file, 2).set(0, 128);

        assertThat(harness.total()).isEqualTo((1L << 40) + 128);
    }
}
