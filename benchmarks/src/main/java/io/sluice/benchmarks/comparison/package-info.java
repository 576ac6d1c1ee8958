/** Two sides measured in pairs, what their ratio is, and whether that meets a goal. No I/O. */
@NullMarked
package io.sluice.benchmarks.comparison;

import org.jspecify.annotations.NullMarked;
