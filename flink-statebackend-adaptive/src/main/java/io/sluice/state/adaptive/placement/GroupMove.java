package io.sluice.state.adaptive.placement;

/** One key group of one backend that is to move to {@code target}. */
public record GroupMove(long backendId, int keyGroup, Tier target) {}
