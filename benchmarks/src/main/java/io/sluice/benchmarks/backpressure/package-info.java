/** What tracking of backpressure costs. */
@NullMarked
package io.sluice.benchmarks.backpressure;

import org.jspecify.annotations.NullMarked;
