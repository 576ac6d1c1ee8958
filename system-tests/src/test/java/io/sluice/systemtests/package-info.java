/** The assembled distribution, as its users run it: real processes, free ports, own directories. */
@NullMarked
package io.sluice.systemtests;

import org.jspecify.annotations.NullMarked;
