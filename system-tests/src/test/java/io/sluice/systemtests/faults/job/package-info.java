/** The job of the fault matrix: packed into a jar of its own, it runs in the TaskManagers. */
@NullMarked
package io.sluice.systemtests.faults.job;

import org.jspecify.annotations.NullMarked;
