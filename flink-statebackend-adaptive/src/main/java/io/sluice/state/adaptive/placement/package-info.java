@NullMarked
package io.sluice.state.adaptive.placement;

import org.jspecify.annotations.NullMarked;
