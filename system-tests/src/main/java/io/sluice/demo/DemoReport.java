package io.sluice.demo;

import io.sluice.examples.nexmark.HighestBids;
import io.sluice.testkit.cluster.JobCheckpoints;

import java.time.Duration;
import java.util.Locale;

/**
 * What the demo found.
 *
 * @param startUp from the start of the processes to all slots registered
 * @param running from the job's start to its end, the recovery included
 * @param recovery from the kill to all tasks running again
 */
record DemoReport(
        DemoArguments arguments,
        Duration startUp,
        Duration running,
        String killed,
        Duration recovery,
        JobCheckpoints checkpoints,
        HighestBids.Comparison comparison) {

    boolean exact() {
        return comparison.exact();
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                """

                Cluster      1 JobManager, 2 TaskManagers, ready after %.1f s
                Job          highest bid and bid count of %,d auctions, seed %d
                Events       %,d in %.1f s: %,d per second, of %,d offered
                Checkpoints  %d completed, %d failed, 1 every second
                Failure      %s killed with signal 9; all tasks ran again after %.1f s
                Result       %s
                """,
                seconds(startUp),
                comparison.expected(),
                arguments.seed(),
                arguments.events(),
                seconds(running),
                Math.round(arguments.events() / seconds(running)),
                arguments.eventsPerSecond(),
                checkpoints.completed(),
                checkpoints.failed(),
                killed,
                seconds(recovery),
                exact() ? "exact: " + comparison : "NOT EXACT: " + comparison);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
