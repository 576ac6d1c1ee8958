package io.sluice.runtime.extension;

import java.util.HashSet;
import java.util.Set;

/**
 * Which failures of something that is tried again and again have been told of. Two are the same if
 * they are of one class and come from one place, whatever their messages.
 *
 * <p>Owned by one thread.
 */
final class RepeatedFailures {

    private final Set<String> told = new HashSet<>();

    /** Whether such a failure has not been seen since it last worked. */
    boolean isNew(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return told.add(failure.getClass().getName() + (trace.length == 0 ? "" : trace[0]));
    }

    void worked() {
        told.clear();
    }
}
