package io.sluice.examples.nexmark;

import java.time.Instant;

/**
 * An offer for an item.
 *
 * @param auction an {@link Auction#id()}
 * @param bidder a {@link Person#id()}
 * @param price in cents
 * @param channel the site that led the bidder here
 * @param extra filler, to give the event the size that a measurement asks for
 */
public record Bid(
        long auction,
        long bidder,
        long price,
        String channel,
        String url,
        Instant dateTime,
        String extra)
        implements NexmarkEvent {}
