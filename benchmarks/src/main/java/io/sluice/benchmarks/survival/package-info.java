/** Whether a job outlives its heap, and how fast it then is. */
@NullMarked
package io.sluice.benchmarks.survival;

import org.jspecify.annotations.NullMarked;
