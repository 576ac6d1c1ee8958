/** Keyed state backends outside of a job: Flink's own and ours, with the same configuration. */
@NullMarked
package io.sluice.benchmarks.backend;

import org.jspecify.annotations.NullMarked;
