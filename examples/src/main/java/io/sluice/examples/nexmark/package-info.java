/**
 * A stream of auctions after the Nexmark specification, for DataStream and SQL, and a job on it.
 *
 * <p>Start at {@link io.sluice.examples.nexmark.NexmarkSource} for the stream and at {@link
 * io.sluice.examples.nexmark.HighestBidJob} for the job.
 */
@NullMarked
package io.sluice.examples.nexmark;

import org.jspecify.annotations.NullMarked;
