package io.sluice.runtime.backpressure.history;

import org.apache.flink.configuration.MemorySize;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;

import static io.sluice.runtime.backpressure.history.TestingLoads.JOB;
import static io.sluice.runtime.backpressure.history.TestingLoads.episode;
import static io.sluice.runtime.backpressure.history.TestingLoads.row;
import static org.assertj.core.api.Assertions.assertThat;

class HistoryLogTest {

    private static final long NOW = Duration.ofDays(20_000).toMillis();
    private static final Duration RETENTION = Duration.ofHours(1);

    @TempDir Path root;

    @Test
    void nextJobManagerKnowsWhatWasWritten() {
        HistoryLog log = log();
        log.add(JOB, row(NOW, 0.8));
        log.add(episode("a", NOW - 1000, 500, false));
        log.flush(NOW);

        HistoryLog.Contents contents = log().read(NOW);

        assertThat(contents.rows).containsOnlyKeys(JOB);
        PeriodRow read = Objects.requireNonNull(contents.rows.get(JOB)).get(0);
        assertThat(read.values()).isEqualTo(row(NOW, 0.8).values());
        assertThat(read.endMillis()).isEqualTo(NOW);
        assertThat(read.periodMillis()).isEqualTo((int) TestingLoads.PERIOD_MILLIS);
        assertThat(read.vertices()).containsExactly(TestingLoads.SOURCE, TestingLoads.SINK);
        assertThat(contents.episodes).containsExactly(episode("a", NOW - 1000, 500, false));
    }

    @Test
    void oneFileAMinute() throws IOException {
        HistoryLog log = log();
        for (int second = 0; second < 120; second++) {
            log.add(JOB, row(NOW + 1000L * second, 0));
            log.flush(NOW + 1000L * second);
        }
        log.close(NOW + Duration.ofMinutes(2).toMillis());

        // At once, after a minute, and the rest in the end.
        assertThat(files()).hasSize(3);
        assertThat(Objects.requireNonNull(log().read(NOW).rows.get(JOB))).hasSize(120);
    }

    @Test
    void filesThatAreTooOldAreDeletedAndOthersLeftAlone() throws IOException {
        Path other = Files.writeString(Files.createDirectories(root).resolve("other.jsonl"), "x");
        HistoryLog log = log();
        log.add(JOB, row(NOW, 0));
        log.flush(NOW);
        long later = NOW + RETENTION.toMillis() + 1;
        log.add(JOB, row(later, 0));
        log.flush(later);

        assertThat(files()).hasSize(2).contains(other);
    }

    @Test
    void lineThatMakesNoSenseIsLeftOut() throws IOException {
        HistoryLog log = log();
        log.add(JOB, row(NOW, 0));
        log.flush(NOW);
        Files.writeString(files().get(0), "{\"job\":\n{}\n", StandardOpenOption.APPEND);

        assertThat(log().read(NOW).rows).containsOnlyKeys(JOB);
    }

    @Test
    void directoryThatCannotBeWrittenStopsNothing() throws IOException {
        Path file = Files.writeString(root.resolve("file"), "");
        HistoryLog log = Objects.requireNonNull(HistoryLog.of(settings(file), Runnable::run));
        log.add(JOB, row(NOW, 0));
        log.flush(NOW);

        assertThat(log.read(NOW).rows).isEmpty();
    }

    @Test
    void fileSystemThatThrowsAnythingStopsNothing() {
        HistoryLog log =
                Objects.requireNonNull(
                        HistoryLog.of(
                                new HistorySettings(
                                        Duration.ofSeconds(5),
                                        RETENTION,
                                        MemorySize.ofMebiBytes(1),
                                        "unknown-scheme://bucket/" + "x".repeat(10)),
                                Runnable::run));
        log.add(JOB, row(NOW, 0));
        log.flush(NOW);

        assertThat(log.read(NOW).rows).isEmpty();
    }

    @Test
    void whatCannotBeHandedOverIsWrittenInTheEnd() {
        HistoryLog log =
                Objects.requireNonNull(
                        HistoryLog.of(
                                settings(root),
                                task -> {
                                    throw new RejectedExecutionException();
                                }));
        log.add(JOB, row(NOW, 0));
        log.flush(NOW);
        log.close(NOW);

        assertThat(log().read(NOW).rows).containsOnlyKeys(JOB);
    }

    @Test
    void noMoreIsReadThanMayBeRemembered() {
        for (int minute = 0; minute < 50; minute++) {
            HistoryLog log = log();
            for (int i = 0; i < 500; i++) {
                log.add(JOB, row(NOW + 60_000L * minute + i, 0));
            }
            log.flush(NOW + 60_000L * minute);
        }

        List<PeriodRow> rows = Objects.requireNonNull(log().read(NOW + 60_000L * 50).rows.get(JOB));

        // About 120 bytes a row and 1 MiB: the newest third.
        assertThat(rows).hasSizeBetween(7_000, 12_000);
        assertThat(rows).anyMatch(row -> row.endMillis() == NOW + 60_000L * 49);
    }

    @Test
    void emptyDirectoryHasNoHistory() {
        assertThat(log().read(NOW).rows).isEmpty();
    }

    private HistoryLog log() {
        return Objects.requireNonNull(HistoryLog.of(settings(root), Runnable::run));
    }

    private static HistorySettings settings(Path directory) {
        return new HistorySettings(
                Duration.ofSeconds(5),
                RETENTION,
                MemorySize.ofMebiBytes(1),
                directory.toUri().toString());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            return files.filter(file -> file.toString().endsWith(".jsonl")).toList();
        }
    }
}
