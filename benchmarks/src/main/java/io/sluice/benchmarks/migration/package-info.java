/** How long moves of keyed state take, and what records under way feel of them. */
@NullMarked
package io.sluice.benchmarks.migration;

import org.jspecify.annotations.NullMarked;
