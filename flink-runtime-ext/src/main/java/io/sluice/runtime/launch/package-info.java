/**
 * Turns the configuration into the command line of a Flink process, for the scripts in {@code
 * bin/}.
 */
@NullMarked
package io.sluice.runtime.launch;

import org.jspecify.annotations.NullMarked;
