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

    private long nowNanos;

    @Test
    void neitherIsTheLaterOne() throws Exception {
        turns(new TestingPlayer(3, 4)).take(true, 2);

        assertThat(events).containsExactly("on", "off", "off", "on", "on", "off", "off", "on");
    }

    @Test
    void offMayBeFirst() throws Exception {
        turns(new TestingPlayer(3, 4)).take(false, 1);

        assertThat(events).containsExactly("off", "on", "on", "off");
    }

    @Test
    void turnHoldsWhatTheJobDidInIt() throws Exception {
        List<TurnPair> taken = turns(new TestingPlayer(3, 4)).take(true, 2);

        Turn on = new Turn(1000 * MILLI, 3000, 30, 500 * MILLI);
        Turn off = new Turn(1000 * MILLI, 4000, 40, 500 * MILLI);
        assertThat(taken).containsExactly(new TurnPair(on, off), new TurnPair(on, off));
        assertThat(on.recordsPerSecond()).isEqualTo(3000);
        assertThat(on.waitsPerSecond()).isEqualTo(30);
    }

    @Test
    void jobWithoutRecordsHasFailed() {
        assertThatThrownBy(() -> turns(new TestingPlayer(0, 0)).take(true, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "In a turn of 1000 ms the job took 0 records and 500 ms of CPU time: it has failed, or hangs.");
    }

    private interface Taking {
        List<TurnPair> take(boolean onFirst, int pairs) throws Exception;
    }

    private Taking turns(TestingPlayer job) {
        Turns turns =
                new Turns(
                        Duration.ofMillis(500),
                        2,
                        () -> nowNanos,
                        time -> {
                            nowNanos += time.toNanos();
                            job.pass(time);
                        });
        return (onFirst, pairs) -> turns.take(job, onFirst, pairs);
    }

    /** Takes so many records a millisecond, waits for every hundredth, and uses half a core. */
    private final class TestingPlayer implements Player {

        private final long recordsOn;
        private final long recordsOff;
        private boolean isOn;
        private long records;

        TestingPlayer(long recordsOn, long recordsOff) {
            this.recordsOn = recordsOn;
            this.recordsOff = recordsOff;
        }

        private void pass(Duration time) {
            records += (isOn ? recordsOn : recordsOff) * time.toMillis();
        }

        @Override
        public void track(boolean on) {
            events.add(on ? "on" : "off");
            isOn = on;
        }

        @Override
        public long records() {
            return records;
        }

        @Override
        public long waits() {
            return records / 100;
        }

        @Override
        public long cpuNanos() {
            return nowNanos / 2;
        }
    }
}
