package io.sluice.fs.multiconf;

import java.time.Instant;

/**
 * Delegation tokens of one binding, fresh from its servers.
 *
 * @param validUntil when the first of them ends
 */
public record ObtainedTokens(TokenBytes tokens, Instant validUntil) {}
