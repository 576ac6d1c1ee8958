/** Who holds back whom, found from what the subtasks of a job did with their time. No I/O. */
@NullMarked
package io.sluice.runtime.backpressure.cause;

import org.jspecify.annotations.NullMarked;
