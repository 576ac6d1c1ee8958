/**
 * Which key group lives where: pure decisions from loads, heap readings and memory, without I/O.
 */
@NullMarked
package io.sluice.state.adaptive.placement;

import org.jspecify.annotations.NullMarked;
