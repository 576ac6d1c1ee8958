@NullMarked
package io.sluice.state.adaptive.pressure;

import org.jspecify.annotations.NullMarked;
