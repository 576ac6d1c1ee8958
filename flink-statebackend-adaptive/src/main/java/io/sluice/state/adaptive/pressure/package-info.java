/** How full the heap of this process is, and what its collections cost, with any collector. */
@NullMarked
package io.sluice.state.adaptive.pressure;

import org.jspecify.annotations.NullMarked;
