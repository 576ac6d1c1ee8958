package io.sluice.examples.nexmark;

import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

import io.sluice.examples.nexmark.HighestBids.Comparison;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The operator, fed by readers that run ahead of each other and restored from time to time, against
 * {@link HighestBids}.
 */
class HighestBidFunctionModelTest {

    private static final int MAX_EVENTS = 3_000;

    /** A fixed set, plus one new seed per run. The test name shows the seed: replay it here. */
    static LongStream seeds() {
        return LongStream.concat(LongStream.range(0, 10), LongStream.of(System.nanoTime()));
    }

    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void agreesWithPlainJava(long seed) throws Exception {
        Random random = new Random(seed);
        NexmarkSettings settings =
                NexmarkSettings.defaults()
                        .withSeed(seed)
                        .withEvents(1 + random.nextInt(MAX_EVENTS))
                        .with(NexmarkOptions.IN_FLIGHT_AUCTIONS, 3 + random.nextInt(60));
        NexmarkGenerator generator = new NexmarkGenerator(settings);
        List<HighestBid> results = new ArrayList<>();
        int readers = 1 + random.nextInt(5);
        long[] next = LongStream.range(0, readers).toArray();
        long watermark = Long.MIN_VALUE;
        KeyedOneInputStreamOperatorTestHarness<Long, NexmarkEvent, HighestBid> operator =
                open(null);

        while (Arrays.stream(next).anyMatch(number -> number < settings.events())) {
            int reader = random.nextInt(readers);
            for (int run = random.nextInt(200);
                    run > 0 && next[reader] < settings.events();
                    run--, next[reader] += readers) {
                NexmarkEvent event = generator.event(next[reader]);
                if (!(event instanceof Person)) {
                    operator.processElement(event, event.dateTime().toEpochMilli());
                }
            }
            // What has been read of the slowest reader, as its monotonous watermark says it.
            long slowest = Arrays.stream(next).min().orElseThrow();
            long newWatermark = generator.timeOf(slowest).toEpochMilli() - 1;
            if (newWatermark > watermark) {
                watermark = newWatermark;
                operator.processWatermark(watermark);
            }
            if (random.nextInt(10) == 0) {
                OperatorSubtaskState state = operator.snapshot(1, 1);
                results.addAll(operator.extractOutputValues());
                operator.close();
                operator = open(state);
            }
        }
        List<HighestBid> beforeEnd = new ArrayList<>(results);
        beforeEnd.addAll(operator.extractOutputValues());
        operator.processWatermark(Long.MAX_VALUE);
        results.addAll(operator.extractOutputValues());

        Comparison comparison = HighestBids.of(settings).compareWith(results.stream());
        assertThat(comparison.exact()).as(comparison.toString()).isTrue();
        assertThat(beforeEnd)
                .as("emitted when it expired, not later")
                .hasSizeGreaterThanOrEqualTo(expiredBefore(watermark, generator, settings));
        assertThat(operator.numKeyedStateEntries()).as("state that is left").isZero();
        assertThat(operator.numEventTimeTimers()).as("timers that are left").isZero();
        operator.close();
    }

    private static int expiredBefore(
            long watermark, NexmarkGenerator generator, NexmarkSettings settings) {
        return (int)
                LongStream.range(0, settings.events())
                        .mapToObj(generator::event)
                        .filter(Auction.class::isInstance)
                        .map(Auction.class::cast)
                        .filter(auction -> auction.expires().toEpochMilli() <= watermark)
                        .count();
    }

    private static KeyedOneInputStreamOperatorTestHarness<Long, NexmarkEvent, HighestBid> open(
            @Nullable OperatorSubtaskState state) throws Exception {
        KeyedOneInputStreamOperatorTestHarness<Long, NexmarkEvent, HighestBid> operator =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new KeyedProcessOperator<>(new HighestBidFunction()),
                        event -> event instanceof Bid bid ? bid.auction() : ((Auction) event).id(),
                        Types.LONG);
        operator.setup();
        if (state != null) {
            operator.initializeState(state);
        }
        operator.open();
        return operator;
    }
}
