/** Main classes of the JobManager and the TaskManager: Flink's, with our extensions beside. */
@NullMarked
package io.sluice.runtime.entrypoint;

import org.jspecify.annotations.NullMarked;
