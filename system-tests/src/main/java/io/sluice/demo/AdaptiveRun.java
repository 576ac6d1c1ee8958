package io.sluice.demo;

import io.sluice.examples.nexmark.AuctionLedgers;
import io.sluice.testkit.cluster.JobCheckpoints;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What became of the job with the adaptive state backend.
 *
 * @param startMillis when the job was submitted, wall clock, as all other times
 * @param atKill the last sample before the kill
 * @param recoveredMillis when all tasks ran again
 * @param restoredCheckpoint the one that the job went on from
 * @param checkpoints those that were completed
 * @param decisions what the TaskManagers decided to move, and why
 */
record AdaptiveRun(
        long startMillis,
        long killedMillis,
        String killed,
        Sample atKill,
        long recoveredMillis,
        long restoredCheckpoint,
        long endMillis,
        JobCheckpoints counts,
        List<Checkpoint> checkpoints,
        List<Decision> decisions,
        List<Sample> samples,
        AuctionLedgers.Comparison comparison) {

    static final Set<String> ENDED = Set.of("FINISHED", "FAILED", "CANCELED");

    AdaptiveRun {
        checkpoints = List.copyOf(checkpoints);
        decisions = List.copyOf(decisions);
        samples = List.copyOf(samples);
    }

    /**
     * A completed checkpoint.
     *
     * @param writtenBytes that no earlier checkpoint had written
     */
    record Checkpoint(long id, long completedMillis, long durationMillis, long writtenBytes) {}

    /** A line of the coordinator in the log of a TaskManager. */
    record Decision(long atMillis, String taskManager, String text) {}

    Duration recovery() {
        return Duration.ofMillis(recoveredMillis - killedMillis);
    }

    Duration running() {
        return Duration.ofMillis(endMillis - startMillis);
    }

    private Stream<Sample> live() {
        return samples.stream().filter(Sample::live);
    }

    long longestPauseMillis() {
        return live().mapToLong(Sample::longestPauseMillis).max().orElse(0);
    }

    /** Returns the sample with the most state: the end of the stream. */
    Sample fullest() {
        return live().max((a, b) -> Long.compare(a.stateBytes(), b.stateBytes())).orElse(atKill);
    }

    /** Returns the most that the heap may hold. */
    long heapMaxBytes() {
        return samples.stream().mapToLong(Sample::heapMaxBytes).max().orElse(1);
    }

    /** Returns when the last record came, as far as samples tell. */
    long streamEndMillis() {
        return live().filter(sample -> sample.recordsPerSecond() > 0)
                .mapToLong(Sample::atMillis)
                .max()
                .orElse(endMillis);
    }
}
