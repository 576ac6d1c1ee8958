/** One run of a benchmark: its progress, its machine, its early end and the file that it leaves. */
@NullMarked
package io.sluice.benchmarks.session;

import org.jspecify.annotations.NullMarked;
