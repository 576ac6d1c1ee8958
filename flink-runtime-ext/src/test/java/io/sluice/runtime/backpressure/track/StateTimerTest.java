package io.sluice.runtime.backpressure.track;

import org.apache.flink.runtime.metrics.TimerGauge;

import io.sluice.runtime.backpressure.track.StateTimer.Reading;
import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicLong;

import static org.assertj.core.api.Assertions.assertThat;

class StateTimerTest {

    private final AtomicLong clock = new AtomicLong(1000);
    private final TimerGauge gauge = new TimerGauge();
    private final StateTimer timer = StateTimer.on(gauge, clock::get);

    @Test
    void nothingHeldYet() {
        Reading reading = timer.read();

        assertThat(reading.totalNanos()).isZero();
        assertThat(reading.held()).isFalse();
        assertThat(reading.thread()).isNull();
    }

    @Test
    void addsUpToTheNanosecond() {
        hold(10);
        clock.addAndGet(5);
        hold(7);

        Reading reading = timer.read();

        assertThat(reading).isEqualTo(new Reading(17, true, 1000, 1022, Thread.currentThread()));
    }

    @Test
    void whatGoesOnCountsUntilNow() {
        clock.addAndGet(5);
        gauge.markStart();
        clock.addAndGet(10);

        Reading first = timer.read();
        clock.addAndGet(20);
        Reading second = timer.read();
        clock.addAndGet(3);
        gauge.markEnd();
        clock.addAndGet(100);
        Reading third = timer.read();

        assertThat(first).isEqualTo(new Reading(10, true, 1005, 1015, Thread.currentThread()));
        assertThat(second).isEqualTo(new Reading(30, true, 1015, 1035, Thread.currentThread()));
        assertThat(third).isEqualTo(new Reading(33, true, 1035, 1038, Thread.currentThread()));
    }

    @Test
    void stoppedTimerCountsNothingAndAResumedOneKeepsTheTasksThread() throws InterruptedException {
        Thread task = new Thread(gauge::markStart);
        task.start();
        task.join();
        clock.addAndGet(10);

        timer.stop();
        clock.addAndGet(100);
        timer.resume();
        clock.addAndGet(5);
        gauge.markEnd();
        Reading reading = timer.read();

        assertThat(reading.totalNanos()).isEqualTo(15);
        assertThat(reading.thread()).isSameAs(task);
    }

    @Test
    void heldIsSinceTheReadingBefore() {
        hold(10);
        timer.read();
        clock.addAndGet(10);

        assertThat(timer.read().held()).isFalse();
    }

    @Test
    void listensToWhatBeganBefore() {
        TimerGauge running = new TimerGauge();
        running.markStart();

        StateTimer late = StateTimer.on(running, clock::get);
        clock.addAndGet(10);

        assertThat(late.read().totalNanos()).isEqualTo(10);
    }

    @Test
    void stoppedHearsNothing() {
        timer.stop();
        hold(10);

        assertThat(timer.read().totalNanos()).isZero();
    }

    private void hold(long nanos) {
        gauge.markStart();
        clock.addAndGet(nanos);
        gauge.markEnd();
    }
}
