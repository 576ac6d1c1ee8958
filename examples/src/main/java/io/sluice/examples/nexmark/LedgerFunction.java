package io.sluice.examples.nexmark;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

import org.jspecify.annotations.Nullable;

/**
 * Keeps each bid until its auction closes: when the watermark passes its {@code expires}, or at the
 * end of the stream.
 *
 * <p>Takes {@link Auction}s and {@link Bid}s keyed by auction, in any order. What it emits is
 * computed from the kept bids; that their number is the one that was counted is checked.
 */
@SuppressWarnings("NullAway.Init") // Flink calls open() first
final class LedgerFunction extends KeyedProcessFunction<Long, NexmarkEvent, ClosedLedger> {

    private static final long serialVersionUID = 1L;

    /** Read and written by every bid. */
    private transient ValueState<@Nullable Standing> standings;

    /** By event time: no two events of a stream share it. */
    private transient MapState<Long, NexmarkEvent> bids;

    private transient LongestPause longestPause;

    @Override
    public void open(OpenContext context) {
        standings =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "standing", TypeInformation.of(Standing.class)));
        bids =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>(
                                        "bids", Types.LONG, new NexmarkEventTypeInfo()));
        longestPause = new LongestPause(System::nanoTime);
        getRuntimeContext().getMetricGroup().gauge(AuctionLedgerJob.PAUSE_METRIC, longestPause);
    }

    @Override
    public void processElement(NexmarkEvent event, Context context, Collector<ClosedLedger> out)
            throws Exception {
        longestPause.record();
        if (event instanceof Bid bid) {
            standings.update(standing().with(bid));
            bids.put(bid.dateTime().toEpochMilli(), bid);
        } else if (event instanceof Auction auction) {
            context.timerService().registerEventTimeTimer(auction.expires().toEpochMilli());
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<ClosedLedger> out)
            throws Exception {
        boolean streamHasEnded = context.timerService().currentWatermark() == Long.MAX_VALUE;
        if (streamHasEnded) {
            longestPause.end();
        }
        Standing kept = Standing.NO_BIDS;
        long digest = 0;
        for (NexmarkEvent event : bids.values()) {
            if (event instanceof Bid bid) {
                kept = kept.with(bid);
                digest += ClosedLedger.digestOf(bid);
            }
        }
        if (!kept.equals(standing())) {
            throw new IllegalStateException(
                    "The state of auction %d contradicts itself: its bids come to %s, but %s was kept beside them."
                            .formatted(context.getCurrentKey(), kept, standing()));
        }
        out.collect(new ClosedLedger(kept.resultOf(context.getCurrentKey()), digest));
        if (!streamHasEnded) {
            // Otherwise all state goes at once, with the job.
            standings.clear();
            bids.clear();
        }
    }

    private Standing standing() throws Exception {
        Standing standing = standings.value();
        return standing == null ? Standing.NO_BIDS : standing;
    }
}
