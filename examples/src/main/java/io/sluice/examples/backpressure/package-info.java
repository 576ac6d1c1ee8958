/**
 * A job with a bottleneck that is known, to see how it is found.
 *
 * <p>Start at {@link io.sluice.examples.backpressure.SlowStepJob}.
 */
@NullMarked
package io.sluice.examples.backpressure;

import org.jspecify.annotations.NullMarked;
