package io.sluice.examples.nexmark;

import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.util.function.SerializableFunction;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Emits the events of its splits in the order of their numbers, hence in the order of event time.
 *
 * <p>The task thread owns it. It never blocks: while no event is due it is "not available", so
 * checkpoints pass.
 *
 * @param <T> what an event is emitted as
 */
final class NexmarkReader<T> implements SourceReader<T, NexmarkSplit> {

    /*
     * Order: the head of `positions` is the lowest number that is left. It holds for the whole run,
     * because nothing is emitted before the enumerator said that no more splits come: a split that
     * came later could start before an event that has been emitted.
     *
     * The rate of a reader is its share of the splits. So all splits move at the same speed,
     * however they are spread, and no reader's watermark holds up the others for long.
     */

    private final NexmarkSettings settings;
    private final NexmarkGenerator generator;
    private final SerializableFunction<NexmarkEvent, T> format;
    private final LongSupplier nanoClock;

    private final PriorityQueue<Position> positions =
            new PriorityQueue<>(Comparator.comparingLong((Position position) -> position.next));

    /** Null until all splits are here. */
    private @Nullable Pace pace;

    private CompletableFuture<Void> available = new CompletableFuture<>();

    NexmarkReader(
            NexmarkSettings settings,
            SerializableFunction<NexmarkEvent, T> format,
            LongSupplier nanoClock) {
        this.settings = settings;
        this.generator = new NexmarkGenerator(settings);
        this.format = format;
        this.nanoClock = nanoClock;
    }

    @Override
    public void start() {}

    @Override
    public void addSplits(List<NexmarkSplit> splits) {
        splits.forEach(split -> positions.add(new Position(split)));
    }

    @Override
    public void notifyNoMoreSplits() {
        double share =
                positions.stream().mapToDouble(position -> 1.0 / position.split.stride()).sum();
        pace = new Pace(settings.eventsPerSecond() * share, nanoClock);
        available.complete(null);
    }

    @Override
    public InputStatus pollNext(ReaderOutput<T> output) {
        if (pace == null) {
            return InputStatus.NOTHING_AVAILABLE;
        }
        Position position = positions.peek();
        if (position == null || position.next >= settings.events()) {
            return InputStatus.END_OF_INPUT;
        }
        long waitNanos = pace.take();
        if (waitNanos > 0) {
            available =
                    new CompletableFuture<Void>()
                            .completeOnTimeout(null, waitNanos, TimeUnit.NANOSECONDS);
            return InputStatus.NOTHING_AVAILABLE;
        }
        NexmarkEvent event = generator.event(position.next);
        output.collect(format.apply(event), event.dateTime().toEpochMilli());

        positions.remove();
        position.next += position.split.stride();
        positions.add(position);
        return InputStatus.MORE_AVAILABLE;
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        return available;
    }

    /** Does nothing: the splits of a reader move together, so none of them can run ahead. */
    @Override
    public void pauseOrResumeSplits(
            Collection<String> splitsToPause, Collection<String> splitsToResume) {}

    @Override
    public List<NexmarkSplit> snapshotState(long checkpointId) {
        return positions.stream().map(Position::toSplit).toList();
    }

    @Override
    public void close() {
        available.complete(null);
    }

    /** How far one split has been read. */
    private static final class Position {

        private final NexmarkSplit split;
        private long next;

        Position(NexmarkSplit split) {
            this.split = split;
            this.next = split.next();
        }

        NexmarkSplit toSplit() {
            return new NexmarkSplit(split.index(), split.stride(), next);
        }
    }
}
