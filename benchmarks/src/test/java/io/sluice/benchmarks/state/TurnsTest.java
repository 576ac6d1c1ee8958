package io.sluice.benchmarks.state;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TurnsTest {

    @TempDir Path directory;

    @Test
    void sidesAlternateAndTheFirstBegins() throws IOException {
        List<String> turns = Collections.synchronizedList(new ArrayList<>());

        CompletableFuture<Void> other =
                CompletableFuture.runAsync(take(join(false), "second", turns));
        take(join(true), "first", turns).run();
        other.join();

        assertThat(turns).containsExactly("first", "second", "first", "second", "first", "second");
    }

    @Test
    void sideThatNeverComesIsReported() throws IOException {
        Turns alone = new Turns(directory.resolve("turns"), false, Duration.ofMillis(20));

        assertThatThrownBy(alone::await)
                .hasMessage(
                        "The other side of the comparison kept its turn for 20 ms: it has failed, or"
                                + " hangs.");
    }

    private Turns join(boolean isFirst) throws IOException {
        return new Turns(directory.resolve("turns"), isFirst, Duration.ofMinutes(1));
    }

    private static Runnable take(Turns side, String name, List<String> turns) {
        return () -> {
            for (int turn = 0; turn < 3; turn++) {
                side.await();
                turns.add(name);
                side.pass();
            }
        };
    }
}
