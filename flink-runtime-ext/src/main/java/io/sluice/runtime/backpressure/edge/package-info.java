/** Sees the outputs and inputs of tasks one by one, through Flink's shuffle service. */
@NullMarked
package io.sluice.runtime.backpressure.edge;

import org.jspecify.annotations.NullMarked;
