package io.sluice.systemtests;

import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;

import io.sluice.examples.wordcount.WordCountJob;
import io.sluice.examples.wordcount.WordCounts;
import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.LocalCluster;
import io.sluice.testkit.cluster.Sandbox;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A word count from one binding to another, without an end: which texts it is given, and what it
 * must have written. This JVM must know the bindings.
 */
final class BoundWordCount {

    private static final Duration DEADLINE = Duration.ofMinutes(1);
    private static final Await POLLING = Await.every(Duration.ofMillis(200));

    private final BoundFiles files;
    private final Sandbox copies;
    private final String input;
    private final String output;

    /**
     * @param copies takes copies of the texts and of what the job has finished
     * @param input a directory, by its path for the job: so it is seen here, too, without its
     *     authority
     */
    BoundWordCount(BoundFiles files, Sandbox copies, String input, String output) {
        this.files = files;
        this.copies = copies;
        this.input = input;
        this.output = output;
    }

    /** Starts the job in the JobManager, which then needs the bindings, too, and returns its id. */
    String submit(LocalCluster cluster, @Nullable String savepoint) throws InterruptedException {
        return submit(cluster, savepoint, input, output);
    }

    /** Starts any such job. */
    static String submit(
            LocalCluster cluster,
            @Nullable String savepoint,
            String input,
            String output,
            String... more)
            throws InterruptedException {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--input",
                                input,
                                "--output",
                                output,
                                "--discovery-interval",
                                "200 ms",
                                "--update-interval",
                                "200 ms"));
        arguments.addAll(List.of(more));
        String jar =
                cluster.rest()
                        .uploadJar(
                                cluster.installation()
                                        .distribution()
                                        .examples()
                                        .resolve("word-count.jar"));
        return cluster.rest().runJar(jar, WordCountJob.class.getName(), savepoint, arguments);
    }

    /** Adds a file to what the job reads, complete when it appears there. */
    void addText(String name) throws IOException {
        String text = "The %s text has words, and more words.%n".formatted(name).repeat(2_000);
        Files.writeString(text(name), text);
        Path incoming = new Path(here(input) + "/." + name);
        try (FSDataOutputStream out =
                incoming.getFileSystem().create(incoming, WriteMode.NO_OVERWRITE)) {
            Files.copy(text(name), out);
        }
        assertThat(incoming.getFileSystem().rename(incoming, new Path(here(input) + "/" + name)))
                .isTrue();
    }

    private java.nio.file.Path text(String name) {
        return copies.directory("texts").resolve(name);
    }

    /** Waits until the job has finished files with the counts of exactly these texts. */
    void awaitCounts(String... texts) throws Exception {
        Map<String, Long> expected =
                WordCounts.count(Arrays.stream(texts).map(this::text).toList());
        POLLING.until(
                "the counts " + expected,
                DEADLINE,
                () -> WordCounts.read(finished()),
                expected::equals);
    }

    /**
     * Checks that the counts are those of exactly these texts, and that none was written twice,
     * which a second run over the same texts would do.
     */
    void requireExactly(String... texts) throws Exception {
        java.nio.file.Path finished = finished();
        List<String> lines = new ArrayList<>();
        try (var all = Files.list(finished)) {
            for (java.nio.file.Path file : all.toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        assertThat(WordCounts.read(finished))
                .isEqualTo(WordCounts.count(Arrays.stream(texts).map(this::text).toList()));
        assertThat(lines).doesNotHaveDuplicates();
    }

    private java.nio.file.Path finished() throws IOException {
        java.nio.file.Path copy =
                Files.createTempDirectory(copies.directory("copies"), "word-count-");
        files.copyFinished(here(output), copy);
        return copy;
    }

    /** Without the name that only the job's configuration can resolve. */
    private static String here(String path) {
        return path.replaceFirst("://[^/]*", ":");
    }
}
