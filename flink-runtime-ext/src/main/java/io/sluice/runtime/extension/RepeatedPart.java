package io.sluice.runtime.extension;

import org.slf4j.Logger;

import java.time.Duration;

/**
 * Something that is done again and again beside others: that it fails is told once, and keeps none
 * of the others from being done.
 *
 * <p>Owned by one thread.
 */
final class RepeatedPart {

    private final Logger log;
    private final String what;
    private final Duration interval;
    private final Runnable part;
    private final RepeatedFailures failures = new RepeatedFailures();

    /**
     * @param what is done, as in "Could not ..."
     * @param interval between two runs
     */
    RepeatedPart(Logger log, String what, Duration interval, Runnable part) {
        this.log = log;
        this.what = what;
        this.interval = interval;
        this.part = part;
    }

    void run() {
        try {
            part.run();
            failures.worked();
        } catch (RuntimeException e) {
            if (failures.isNew(e)) {
                log.warn(
                        "Could not {}; tried again every {} ms, and told again only after it has worked.",
                        what,
                        interval.toMillis(),
                        e);
            } else {
                log.debug("Still could not {}.", what, e);
            }
        }
    }
}
