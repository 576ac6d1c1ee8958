package io.sluice.examples.nexmark;

import org.apache.flink.api.connector.source.SourceSplit;

/**
 * Every {@code stride}-th event number from {@code next} on: what is left to read of one share of
 * the stream.
 *
 * @param index in {@code [0, stride)}; the numbers of the split are {@code index} plus multiples of
 *     {@code stride}
 * @param stride number of splits that the stream is cut into
 * @param next the event number to read next
 */
record NexmarkSplit(int index, int stride, long next) implements SourceSplit {

    NexmarkSplit {
        if (index < 0 || index >= stride || next < index || next % stride != index) {
            throw new IllegalArgumentException(
                    "index=%d, stride=%d, next=%d: next must be index plus a multiple of stride"
                            .formatted(index, stride, next));
        }
    }

    @Override
    public String splitId() {
        return Integer.toString(index);
    }
}
