package io.sluice.benchmarks.backpressure;

import io.sluice.runtime.backpressure.track.TaskTracking;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Switches tracking on and off in a TaskManager that runs: the harness says what it wants in a
 * file, and a task of the job does it.
 *
 * <p>Not thread-safe; on each side one thread.
 */
final class TrackingSwitch {

    private static final int WANTED = 0;
    private static final int DONE = 1;

    private final SharedCounters numbers;

    private TrackingSwitch(SharedCounters numbers) {
        this.numbers = numbers;
    }

    /** Maps {@code file}, which is made, with tracking on, by the first to come. */
    static TrackingSwitch in(Path file) throws IOException {
        return new TrackingSwitch(SharedCounters.in(file, 2));
    }

    /** Called by the harness: says what it wants. */
    void set(boolean on) {
        // Each wish is another number: even ones for on, so that a new file's zero is.
        long last = numbers.get(WANTED);
        numbers.set(WANTED, last % 2 == 0 == on ? last + 2 : last + 1);
    }

    /** Called by the harness: whether what it wants is so. */
    boolean isSet() {
        return numbers.get(DONE) == numbers.get(WANTED);
    }

    /** Called by the task, again and again: does what the harness wants. */
    void follow() {
        long wish = numbers.get(WANTED);
        if (wish != numbers.get(DONE)) {
            turn(wish % 2 == 0);
            numbers.set(DONE, wish);
        }
    }

    private static void turn(boolean on) {
        TaskTracking tracking = TaskTracking.ofProcess();
        if (tracking == null) {
            throw new IllegalStateException(
                    "Backpressure is not tracked in this TaskManager: is sluice.backpressure.enabled set to false?");
        }
        if (on) {
            tracking.resume();
        } else {
            tracking.suspend();
        }
    }
}
