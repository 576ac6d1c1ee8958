/**
 * Counts words in files, also in files that arrive while it runs.
 *
 * <p>Start at {@link io.sluice.examples.wordcount.WordCountJob}.
 */
@NullMarked
package io.sluice.examples.wordcount;

import org.jspecify.annotations.NullMarked;
