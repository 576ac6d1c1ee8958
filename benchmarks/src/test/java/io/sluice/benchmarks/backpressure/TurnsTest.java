package io.sluice.benchmarks.backpressure;

import io.sluice.benchmarks.backpressure.Turns.Player;
import io.sluice.benchmarks.backpressure.Turns.TurnPair;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TurnsTest {

    private static final long MILLI = 1_000_000;

    private final List<String> events = new ArrayList<>();
    private final TestingPlayer on = new TestingPlayer("on", 3);
    private final TestingPlayer off = new TestingPlayer("off", 4);

    private long nowNanos = 17;

    private final Turns turns =
            new Turns(Duration.ofSeconds(1), Duration.ofMillis(100), () -> nowNanos, this::pass);

    @Test
    void sidesTakeTurnsSoThatNeitherIsTheLaterOne() throws Exception {
        turns.take(on, off, true, 4);

        assertThat(events)
                .containsExactly(
                        "on+", "on-", "off+", "off-", //
                        "off+", "off-", "on+", "on-", //
                        "on+", "on-", "off+", "off-", //
                        "off+", "off-", "on+", "on-");
    }

    @Test
    void otherSideMayBeFirst() throws Exception {
        turns.take(on, off, false, 2);

        assertThat(events)
                .containsExactly("off+", "off-", "on+", "on-", "on+", "on-", "off+", "off-");
    }

    @Test
    void turnHoldsWhatTheSideDidSinceItWentOn() throws Exception {
        List<TurnPair> taken = turns.take(on, off, true, 2);

        Turn turnOn = new Turn(1000 * MILLI, 3000, 900 * MILLI, 2700, 30);
        Turn turnOff = new Turn(1000 * MILLI, 4000, 900 * MILLI, 3600, 40);
        assertThat(taken)
                .containsExactly(new TurnPair(turnOn, turnOff), new TurnPair(turnOn, turnOff));
        assertThat(turnOn.recordsPerSecond()).isEqualTo(3000);
        assertThat(turnOn.settledRecordsPerSecond()).isEqualTo(3000);
        assertThat(turnOn.waitsPerSecond()).isEqualTo(30);
    }

    @Test
    void sideWithoutRecordsHasFailed() {
        TestingPlayer dead = new TestingPlayer("dead", 0);

        assertThatThrownBy(() -> turns.take(dead, off, true, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "In a turn of 1000 ms the job took 0 records, 0 of them after its beginning: it has failed, or hangs.");
        assertThat(events).containsExactly("dead+", "dead-");
    }

    private void pass(Duration time) {
        nowNanos += time.toNanos();
        on.pass(time);
        off.pass(time);
    }

    /** Takes so many records a millisecond while it goes on, and waits for every hundredth. */
    private final class TestingPlayer implements Player {

        private final String name;
        private final long recordsPerMilli;
        private boolean goesOn;
        private long records;

        TestingPlayer(String name, long recordsPerMilli) {
            this.name = name;
            this.recordsPerMilli = recordsPerMilli;
        }

        private void pass(Duration time) {
            if (goesOn) {
                records += recordsPerMilli * time.toMillis();
            }
        }

        @Override
        public void resume() {
            events.add(name + "+");
            goesOn = true;
        }

        @Override
        public void suspend() {
            events.add(name + "-");
            goesOn = false;
        }

        @Override
        public long records() {
            return records;
        }

        @Override
        public long waits() {
            return records / 100;
        }
    }
}
