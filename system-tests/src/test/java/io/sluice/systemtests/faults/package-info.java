/** The adaptive state backend under each fault at each stage, with real processes. */
@NullMarked
package io.sluice.systemtests.faults;

import org.jspecify.annotations.NullMarked;
