package io.sluice.examples.nexmark;

import java.time.Instant;

/**
 * One item that is for sale until {@code expires}.
 *
 * @param initialBid in cents
 * @param reserve in cents; the seller keeps the item below it
 * @param expires later than every bid on this auction
 * @param seller a {@link Person#id()}
 * @param extra filler, to give the event the size that a measurement asks for
 */
public record Auction(
        long id,
        String itemName,
        String description,
        long initialBid,
        long reserve,
        Instant dateTime,
        Instant expires,
        long seller,
        long category,
        String extra)
        implements NexmarkEvent {}
