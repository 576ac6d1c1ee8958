package io.sluice.benchmarks.session;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

class ProgressTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final AtomicLong nanos = new AtomicLong();

    @Test
    void restTakesAsLongAsTheStepsBefore() {
        Progress progress = new Progress(new PrintStream(out, true, UTF_8), nanos::get, 3);

        advance(Duration.ofSeconds(61));
        progress.step("one");
        advance(Duration.ofSeconds(39));
        progress.step("two");
        progress.step("three");

        assertThat(out.toString(UTF_8))
                .hasLineCount(3)
                .containsSubsequence(
                        "[1/3] one; 2 min 2 s left", "[2/3] two; 50 s left", "[3/3] three");
    }

    private void advance(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }
}
