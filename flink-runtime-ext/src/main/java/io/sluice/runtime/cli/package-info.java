/** Commands that our launcher of the command-line client has beside Flink's. */
@NullMarked
package io.sluice.runtime.cli;

import org.jspecify.annotations.NullMarked;
