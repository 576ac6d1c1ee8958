/** Extensions of Flink's JobManager and TaskManager. */
@NullMarked
package io.sluice.runtime;

import org.jspecify.annotations.NullMarked;
