package io.sluice.examples.nexmark;

import java.time.Instant;

/**
 * Somebody who sells and bids.
 *
 * @param extra filler, to give the event the size that a measurement asks for
 */
public record Person(
        long id,
        String name,
        String emailAddress,
        String creditCard,
        String city,
        String state,
        Instant dateTime,
        String extra)
        implements NexmarkEvent {}
