/** What an access to keyed state costs, in ours and in stock Flink's backends. */
@NullMarked
package io.sluice.benchmarks.state;

import org.jspecify.annotations.NullMarked;
