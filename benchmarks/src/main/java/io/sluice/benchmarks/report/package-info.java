/** What a benchmark says while it runs and leaves behind. */
@NullMarked
package io.sluice.benchmarks.report;

import org.jspecify.annotations.NullMarked;
