package io.sluice.examples.nexmark;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

import org.jspecify.annotations.Nullable;

/**
 * Emits the result of each auction once: when the watermark passes its {@code expires}, or at the
 * end of the stream.
 *
 * <p>Takes {@link Auction}s and {@link Bid}s keyed by auction, in any order. No bid can be lost:
 * all are earlier than {@code expires} and the source is never late, so when the timer fires they
 * have all been here. Then the state is cleared.
 */
@SuppressWarnings("NullAway.Init") // Flink calls open() first
final class HighestBidFunction extends KeyedProcessFunction<Long, NexmarkEvent, HighestBid> {

    private static final long serialVersionUID = 1L;

    private transient ValueState<@Nullable Standing> standings;

    @Override
    public void open(OpenContext context) {
        standings =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "standing", TypeInformation.of(Standing.class)));
    }

    @Override
    public void processElement(NexmarkEvent event, Context context, Collector<HighestBid> out)
            throws Exception {
        if (event instanceof Bid bid) {
            standings.update(standing().with(bid));
        } else if (event instanceof Auction auction) {
            context.timerService().registerEventTimeTimer(auction.expires().toEpochMilli());
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<HighestBid> out)
            throws Exception {
        out.collect(standing().resultOf(context.getCurrentKey()));
        standings.clear();
    }

    private Standing standing() throws Exception {
        Standing standing = standings.value();
        return standing == null ? Standing.NO_BIDS : standing;
    }
}
