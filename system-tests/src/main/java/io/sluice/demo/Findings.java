package io.sluice.demo;

import java.time.Duration;
import java.util.Locale;

/** What the demo found, and the same as text. */
record Findings(DemoArguments arguments, StockRun stock, AdaptiveRun adaptive) {

    boolean exact() {
        return adaptive.comparison().exact();
    }

    /** Returns the most state that there was, as a multiple of the heap. */
    double stateToHeap() {
        return (double) adaptive.fullest().stateBytes() / adaptive.heapMaxBytes();
    }

    @Override
    public String toString() {
        Sample fullest = adaptive.fullest();
        return String.format(
                Locale.ROOT,
                """

                Job          all bids of %,d auctions, kept until the stream ends; %,d events, %,d per second, seed %d
                TaskManager  1, with a heap of %.0f MiB

                Stock        hashmap: the TaskManager ended with exit code %d after %.1f s and %,d records:
                             %s
                Sluice       adaptive: %,d events in %.1f s
                State        about %.0f MiB on heap and %.0f MiB on disk in the end, %.1f times the heap; %d of %d key groups on disk
                Checkpoints  %d completed
                Failure      %s killed with signal 9 while %d of %d key groups were moving
                Recovery     from checkpoint %d; all tasks ran again after %.1f s
                Pauses       the longest between two records of a subtask was %d ms, recovery apart
                Result       %s
                """,
                adaptive.comparison().results().expected(),
                arguments.events(),
                arguments.eventsPerSecond(),
                arguments.seed(),
                Sampler.mebibytes(adaptive.heapMaxBytes()),
                stock.exitCode(),
                seconds(stock.survived()),
                stock.records(),
                stock.evidence(),
                arguments.events(),
                seconds(adaptive.running()),
                Sampler.mebibytes(fullest.bytesOnHeap()),
                Sampler.mebibytes(fullest.bytesOnDisk()),
                stateToHeap(),
                fullest.groupsOnDisk(),
                fullest.groups(),
                adaptive.checkpoints().size(),
                adaptive.killed(),
                adaptive.atKill().groupsMoving(),
                adaptive.atKill().groups(),
                adaptive.restoredCheckpoint(),
                seconds(adaptive.recovery()),
                adaptive.longestPauseMillis(),
                (exact() ? "exact: " : "NOT EXACT: ") + adaptive.comparison());
    }

    static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
