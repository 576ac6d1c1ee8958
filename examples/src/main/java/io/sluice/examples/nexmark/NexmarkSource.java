package io.sluice.examples.nexmark;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.util.function.SerializableFunction;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The auction stream as a source: the same events at any parallelism, each exactly once on restore.
 *
 * <pre>{@code
 * env.fromSource(
 *         NexmarkSource.of(NexmarkSettings.defaults().withEventsPerSecond(10_000)),
 *         WatermarkStrategy.forMonotonousTimestamps(),
 *         "auctions");
 * }</pre>
 *
 * <p><b>Order.</b> One reader emits in the order of event time, so {@code forMonotonousTimestamps}
 * is the exact watermark and no event is ever late. Between readers there is no order: a bid may
 * arrive before its auction.
 *
 * <p><b>Splits.</b> The event numbers are dealt out to {@value #SPLITS} splits in turn, so that all
 * readers are at about the same event time. More readers than that stay idle.
 *
 * @param <T> what an event is emitted as
 */
public final class NexmarkSource<T>
        implements Source<T, NexmarkSplit, List<NexmarkSplit>>, ResultTypeQueryable<T> {

    static final int SPLITS = 128;

    private static final long serialVersionUID = 1L;

    private final NexmarkSettings settings;
    private final SerializableFunction<NexmarkEvent, T> format;
    private final TypeInformation<T> type;

    private NexmarkSource(
            NexmarkSettings settings,
            SerializableFunction<NexmarkEvent, T> format,
            TypeInformation<T> type) {
        this.settings = settings;
        this.format = format;
        this.type = type;
    }

    /** Returns a source of {@link Person}, {@link Auction} and {@link Bid}. */
    public static NexmarkSource<NexmarkEvent> of(NexmarkSettings settings) {
        return new NexmarkSource<>(settings, event -> event, new NexmarkEventTypeInfo());
    }

    /** Returns a source that emits each event as {@code format} turns it into. */
    static <T> NexmarkSource<T> of(
            NexmarkSettings settings,
            SerializableFunction<NexmarkEvent, T> format,
            TypeInformation<T> type) {
        return new NexmarkSource<>(settings, format, type);
    }

    @Override
    public Boundedness getBoundedness() {
        return settings.bounded() ? Boundedness.BOUNDED : Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public TypeInformation<T> getProducedType() {
        return type;
    }

    @Override
    public SourceReader<T, NexmarkSplit> createReader(SourceReaderContext context) {
        return new NexmarkReader<>(settings, format, System::nanoTime);
    }

    @Override
    public SplitEnumerator<NexmarkSplit, List<NexmarkSplit>> createEnumerator(
            SplitEnumeratorContext<NexmarkSplit> context) {
        return new NexmarkEnumerator(context, allSplits());
    }

    @Override
    public SplitEnumerator<NexmarkSplit, List<NexmarkSplit>> restoreEnumerator(
            SplitEnumeratorContext<NexmarkSplit> context, List<NexmarkSplit> unassigned) {
        return new NexmarkEnumerator(context, unassigned);
    }

    @Override
    public SimpleVersionedSerializer<NexmarkSplit> getSplitSerializer() {
        return new NexmarkSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<List<NexmarkSplit>> getEnumeratorCheckpointSerializer() {
        return new NexmarkEnumeratorStateSerializer();
    }

    static List<NexmarkSplit> allSplits() {
        return IntStream.range(0, SPLITS)
                .mapToObj(index -> new NexmarkSplit(index, SPLITS, index))
                .toList();
    }
}
