package io.sluice.examples.nexmark;

import org.apache.flink.api.common.typeinfo.TypeInfo;

import java.time.Instant;

/**
 * One event of the auction stream: a {@link Person} signs up, an {@link Auction} opens, or a {@link
 * Bid} is made.
 *
 * <p>Flink finds {@link NexmarkEventTypeInfo} by the annotation, so a {@code
 * DataStream<NexmarkEvent>} never falls back to Kryo.
 */
@TypeInfo(NexmarkEventTypeInfo.Factory.class)
public sealed interface NexmarkEvent permits Person, Auction, Bid {

    /** Returns the event time, in whole milliseconds. No two events of a stream share it. */
    Instant dateTime();
}
