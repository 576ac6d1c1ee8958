/** How long a JobManager and a TaskManager take to start. */
@NullMarked
package io.sluice.benchmarks.startup;

import org.jspecify.annotations.NullMarked;
