package io.sluice.testkit.cluster;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Asks again and again until an answer holds, or a deadline passes. The only class that sleeps.
 *
 * <p>A probe that throws counts as "not yet", except for {@link GiveUpException}, errors and
 * interrupts. At least one probe runs, whatever the deadline; the last one runs after it.
 */
public final class Await {

    private final Duration interval;
    private final LongSupplier nanoTime;
    private final Sleeper sleeper;

    /**
     * Creates a poller.
     *
     * @param interval the pause between two probes
     * @param nanoTime a clock that never goes back, in nanoseconds from any origin
     */
    public Await(Duration interval, LongSupplier nanoTime, Sleeper sleeper) {
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException(
                    "interval=%s: it must be positive".formatted(interval));
        }
        this.interval = interval;
        this.nanoTime = nanoTime;
        this.sleeper = sleeper;
    }

    /** Polls every {@code interval} of real time. */
    public static Await every(Duration interval) {
        return new Await(interval, System::nanoTime, pause -> Thread.sleep(pause.toMillis()));
    }

    /**
     * Returns the first value of {@code probe} for which {@code holds}.
     *
     * @param what what is awaited, to follow "Waited 10.0 s for" in the message
     * @throws AwaitTimeoutException after {@code deadline}, with the last value or failure
     * @throws GiveUpException as soon as the probe says that it can never hold
     */
    public <T> T until(
            String what, Duration deadline, Probe<? extends T> probe, Predicate<? super T> holds)
            throws InterruptedException {
        long startNanos = nanoTime.getAsLong();
        while (true) {
            boolean last = nanoTime.getAsLong() - startNanos >= deadline.toNanos();
            String seen;
            Exception failure = null;
            try {
                T value = probe.get();
                if (holds.test(value)) {
                    return value;
                }
                seen = "Last value: " + value;
            } catch (GiveUpException | InterruptedException e) {
                throw e;
            } catch (Exception e) {
                failure = e;
                seen = "Last failure: " + e;
            }
            if (last) {
                long waitedMillis = (nanoTime.getAsLong() - startNanos) / 1_000_000;
                throw new AwaitTimeoutException(
                        "Waited %.1f s for %s, in vain. %s"
                                .formatted(waitedMillis / 1000.0, what, seen),
                        failure);
            }
            sleeper.sleep(interval);
        }
    }

    /** As {@link #until(String, Duration, Probe, Predicate)}, for a condition without a value. */
    public void until(String what, Duration deadline, Probe<Boolean> condition)
            throws InterruptedException {
        until(what, deadline, condition, Boolean::booleanValue);
    }

    /** What is asked. May throw: the answer is then "not yet". */
    @FunctionalInterface
    public interface Probe<T> {
        T get() throws Exception;
    }

    /** Pauses the calling thread. */
    @FunctionalInterface
    public interface Sleeper {
        void sleep(Duration pause) throws InterruptedException;
    }

    /** The deadline passed. */
    public static final class AwaitTimeoutException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        AwaitTimeoutException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
