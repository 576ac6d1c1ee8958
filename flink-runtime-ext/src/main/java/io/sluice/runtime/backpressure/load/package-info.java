/** What tasks did with their time, as TaskManagers report it to the JobManager. No I/O. */
@NullMarked
package io.sluice.runtime.backpressure.load;

import org.jspecify.annotations.NullMarked;
