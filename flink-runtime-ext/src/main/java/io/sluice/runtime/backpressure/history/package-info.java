/** What the leading JobManager remembers of backpressure. */
@NullMarked
package io.sluice.runtime.backpressure.history;

import org.jspecify.annotations.NullMarked;
