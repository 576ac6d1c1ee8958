/** Finds in a TaskManager when its tasks are held back, from their own timers. */
@NullMarked
package io.sluice.runtime.backpressure.track;

import org.jspecify.annotations.NullMarked;
