package io.sluice.examples.wordcount;

/**
 * How often a word has come, and how much of that has been written: the state of {@link
 * RunningCountFunction}.
 *
 * <p>Public because Flink's serializer for records asks for it.
 */
public record RunningCount(long count, long written) {

    static final RunningCount NONE = new RunningCount(0, 0);

    RunningCount plusOne() {
        return new RunningCount(count + 1, written);
    }

    RunningCount allWritten() {
        return new RunningCount(count, count);
    }

    boolean changed() {
        return count > written;
    }
}
