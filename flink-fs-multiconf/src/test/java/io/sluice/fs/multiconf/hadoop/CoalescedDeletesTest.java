package io.sluice.fs.multiconf.hadoop;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** On local files, whose directories and deletes are as those of HDFS. */
class CoalescedDeletesTest {

    private static final Duration LONG = Duration.ofDays(1);

    private final Timer timer = new Timer();
    private final Counted files = new Counted();

    private java.nio.file.Path checkpoint;

    @BeforeEach
    void makeDirectory(@TempDir java.nio.file.Path root) throws IOException {
        checkpoint = Files.createDirectories(root.resolve("chk-7"));
        files.initialize(URI.create("file:///"), new Configuration());
    }

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    @Test
    void directoryWithNothingElseIsDeletedAtOnce() throws Exception {
        CoalescedDeletes deletes = deletes(LONG);
        List<java.nio.file.Path> states = List.of(state(), state(), state());
        for (java.nio.file.Path state : states) {
            assertThat(deletes.delete(hadoop(state), false)).isTrue();
        }
        assertThat(states).allMatch(Files::exists);
        assertThat(files.deletes).isEmpty();

        assertThat(deletes.delete(hadoop(checkpoint), false)).isTrue();

        assertThat(checkpoint).doesNotExist();
        assertThat(files.deletes).containsExactly("chk-7 recursive");
    }

    @Test
    void fileThatNobodyAskedToDeleteStays() throws Exception {
        CoalescedDeletes deletes = deletes(LONG);
        java.nio.file.Path asked = state();
        java.nio.file.Path other = state();
        deletes.delete(hadoop(asked), false);

        assertThatThrownBy(() -> deletes.delete(hadoop(checkpoint), false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not empty");

        assertThat(asked).doesNotExist();
        assertThat(other).exists();
    }

    @Test
    void directoryInTheCheckpointStays() throws Exception {
        CoalescedDeletes deletes = deletes(LONG);
        java.nio.file.Path named = Files.createDirectory(checkpoint.resolve(uuid()));
        Files.createFile(named.resolve("inner"));
        deletes.delete(hadoop(named), false);

        assertThatThrownBy(() -> deletes.delete(hadoop(checkpoint), false))
                .isInstanceOf(IOException.class);

        assertThat(named.resolve("inner")).exists();
    }

    @Test
    void whatIsWrittenAgainUnderItsNameIsDeletedWhenAsked() throws Exception {
        CoalescedDeletes deletes = deletes(LONG);
        java.nio.file.Path metadata = Files.createFile(checkpoint.resolve("_metadata"));
        java.nio.file.Path shared =
                Files.createFile(
                        Files.createDirectory(checkpoint.resolveSibling("shared")).resolve(uuid()));

        deletes.delete(hadoop(metadata), false);
        deletes.delete(hadoop(shared), false);

        assertThat(metadata).doesNotExist();
        assertThat(shared).doesNotExist();
        assertThat(timer.waiting).isEmpty();
    }

    @Test
    void filesAreDeletedWhereNobodyDeletesTheDirectory() throws Exception {
        CoalescedDeletes deletes = deletes(Duration.ZERO);
        java.nio.file.Path asked = state();
        java.nio.file.Path other = state();
        deletes.delete(hadoop(asked), false);

        timer.runAll();

        assertThat(asked).doesNotExist();
        assertThat(other).exists();
        assertThat(timer.waiting).isEmpty();
    }

    @Test
    void whileMoreIsAskedForNothingIsDeleted() throws Exception {
        CoalescedDeletes deletes = deletes(LONG);
        java.nio.file.Path asked = state();
        deletes.delete(hadoop(asked), false);

        timer.runNext();

        assertThat(asked).exists();
        assertThat(timer.waiting).hasSize(1);
    }

    @Test
    void deletesThatFailAreTriedThreeTimes() throws Exception {
        CoalescedDeletes deletes = deletes(Duration.ZERO);
        java.nio.file.Path asked = state();
        deletes.delete(hadoop(asked), false);
        files.failures = 2;

        timer.runAll();

        assertThat(asked).doesNotExist();
        java.nio.file.Path never = state();
        deletes.delete(hadoop(never), false);
        files.failures = 3;

        timer.runAll();

        assertThat(never).exists();
        assertThat(timer.waiting).isEmpty();
    }

    @Test
    void filesAreDeletedLaterWhereTheDeleteOfTheirDirectoryFails() throws Exception {
        CoalescedDeletes deletes = deletes(Duration.ZERO);
        java.nio.file.Path asked = state();
        deletes.delete(hadoop(asked), false);
        files.failures = 1;
        assertThatThrownBy(() -> deletes.delete(hadoop(checkpoint), false))
                .hasMessage("The NameNode does not answer.");
        assertThat(asked).exists();

        timer.runAll();

        assertThat(asked).doesNotExist();
    }

    @Test
    void whatIsPutOffIsDoneAtTheEndOfTheProcess() throws Exception {
        CoalescedDeletes deletes = deletes(LONG);
        java.nio.file.Path asked = state();
        java.nio.file.Path other = state();
        deletes.delete(hadoop(asked), false);

        deletes.deleteAll();

        assertThat(asked).doesNotExist();
        assertThat(other).exists();
    }

    @Test
    void absentDirectoryIsNoFailure() throws Exception {
        CoalescedDeletes deletes = deletes(LONG);
        java.nio.file.Path gone = checkpoint.resolveSibling("chk-8");
        deletes.delete(hadoop(gone.resolve(uuid())), false);

        assertThat(deletes.delete(hadoop(gone), false)).isFalse();
    }

    /** Whatever is asked for in whatever order, the same files are there afterwards. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void afterAnyRequestsTheSameIsLeftAsWithoutPuttingOff(
            long seed, @TempDir java.nio.file.Path ours, @TempDir java.nio.file.Path model)
            throws Exception {
        Random random = new Random(seed);
        CoalescedDeletes deletes = deletes(Duration.ZERO);
        List<String> known = new ArrayList<>();
        for (int step = 0; step < 300; step++) {
            String directory = "chk-" + random.nextInt(4);
            int action = random.nextInt(20);
            if (action < 9) {
                String name = directory + "/" + (random.nextInt(9) == 0 ? "_metadata" : uuid());
                known.add(name);
                for (java.nio.file.Path root : List.of(ours, model)) {
                    Files.createDirectories(root.resolve(directory));
                    Files.write(root.resolve(name), new byte[] {1});
                }
            } else if (action < 17 && !known.isEmpty()) {
                request(deletes, ours, model, known.get(random.nextInt(known.size())), false);
            } else if (action == 17) {
                timer.runAll();
            } else {
                request(deletes, ours, model, directory, random.nextInt(8) == 0);
            }
            // Never less than without putting off.
            assertThat(tree(ours)).as("seed %d, step %d", seed, step).containsAll(tree(model));
        }
        timer.runAll();

        assertThat(tree(ours)).as("seed %d", seed).isEqualTo(tree(model));
    }

    private void request(
            CoalescedDeletes deletes,
            java.nio.file.Path ours,
            java.nio.file.Path model,
            String name,
            boolean recursive) {
        boolean failed = fails(() -> deletes.delete(hadoop(ours.resolve(name)), recursive));
        boolean expected = fails(() -> files.delete(hadoop(model.resolve(name)), recursive));
        assertThat(failed).as(name).isEqualTo(expected);
    }

    private interface Deletion {
        boolean run() throws IOException;
    }

    private static boolean fails(Deletion deletion) {
        try {
            boolean unused = deletion.run();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static List<String> tree(java.nio.file.Path root) {
        try (Stream<java.nio.file.Path> all = Files.walk(root)) {
            return all.map(path -> root.relativize(path).toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private CoalescedDeletes deletes(Duration delay) {
        return new CoalescedDeletes(files, timer, delay);
    }

    private java.nio.file.Path state() throws IOException {
        return Files.createFile(checkpoint.resolve(uuid()));
    }

    private static String uuid() {
        return UUID.randomUUID().toString();
    }

    private static Path hadoop(java.nio.file.Path path) {
        return new Path(path.toString());
    }

    /** Remembers deletes, and lets some fail. */
    private static final class Counted extends FilterFileSystem {

        private final List<String> deletes = new ArrayList<>();
        private int failures;

        private Counted() {
            super(new RawLocalFileSystem());
        }

        @Override
        public boolean delete(Path path, boolean recursive) throws IOException {
            if (failures > 0) {
                failures--;
                throw new IOException("The NameNode does not answer.");
            }
            deletes.add(path.getName() + (recursive ? " recursive" : ""));
            return super.delete(path, recursive);
        }
    }

    /** Runs what is due when the test says so, on its thread. */
    private static final class Timer extends ScheduledThreadPoolExecutor {

        private final Queue<Runnable> waiting = new ArrayDeque<>();

        private Timer() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable action, long delay, TimeUnit unit) {
            waiting.add(action);
            return super.schedule(() -> {}, 0, TimeUnit.NANOSECONDS);
        }

        private void runNext() {
            waiting.remove().run();
        }

        private void runAll() {
            while (!waiting.isEmpty()) {
                runNext();
            }
        }
    }
}
