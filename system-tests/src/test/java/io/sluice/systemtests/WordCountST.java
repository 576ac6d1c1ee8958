package io.sluice.systemtests;

import io.sluice.examples.wordcount.WordCounts;
import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Command;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.LocalCluster;
import io.sluice.testkit.cluster.Sandbox;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;

/** The word count job, against the commands of a Unix shell. */
class WordCountST {

    private static final Duration DEADLINE = Duration.ofSeconds(90);
    private static final Await POLLING = Await.every(Duration.ofMillis(50));

    /** What the job promises to equal; each file starts a new word. */
    private static final String PIPELINE =
            "set -o pipefail; export LC_ALL=C; find \"$1\" -type f -exec sh -c 'cat \"$1\"; echo' sh {} \\;"
                    + " | tr -cs 'A-Za-z' '\\n' | tr 'A-Z' 'a-z' | grep . | sort | uniq -c";

    private static LocalCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster =
                LocalCluster.of(Distribution.fromSystemProperty())
                        .slotsPerTaskManager(2)
                        .config("execution.checkpointing.interval", "200ms")
                        .config("parallelism.default", "2")
                        .start();
        cluster.awaitReady(2);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void countsTheShippedLicencesAsTheShellDoes() throws Exception {
        Path output = sandbox().root().resolve("licence-counts");

        cluster.command(
                        "flink",
                        "run",
                        jar().toString(),
                        "--bounded",
                        "--output",
                        output.toString())
                .run(DEADLINE)
                .requireSuccess();

        Map<String, Long> expected =
                countedByShell(cluster.installation().distribution().home().resolve("licenses"));
        assertThat(expected).containsKeys("license", "copyright");
        assertThat(WordCounts.read(output)).isEqualTo(expected);
    }

    @Test
    void countsAFileThatIsAddedWhileItRuns() throws Exception {
        Path input = sandbox().directory("texts");
        Path output = sandbox().root().resolve("text-counts");
        Files.writeString(input.resolve("first"), "to be or not to be");
        String job =
                cluster.submit(
                        jar(),
                        "--input",
                        input.toString(),
                        "--output",
                        output.toString(),
                        "--discovery-interval",
                        "100 ms",
                        "--update-interval",
                        "100 ms");
        awaitCounts(output, countedByShell(input));

        Path complete = sandbox().root().resolve("second");
        Files.writeString(complete, "That is the question:\nto BE; 2be, not_to\n\u00e9t\u00e9\tbe");
        Files.move(complete, input.resolve("second"), StandardCopyOption.ATOMIC_MOVE);

        Map<String, Long> expected = countedByShell(input);
        assertThat(expected).containsEntry("be", 5L).containsEntry("question", 1L);
        awaitCounts(output, expected);
        cluster.rest().stopWithSavepoint(job, null, DEADLINE);
        assertThat(WordCounts.read(output)).isEqualTo(expected);
    }

    private static Sandbox sandbox() {
        return cluster.installation().sandbox();
    }

    private static Path jar() {
        return cluster.installation().distribution().examples().resolve("word-count.jar");
    }

    private static Map<String, Long> countedByShell(Path directory) throws Exception {
        Command.Result result =
                Command.of(
                                sandbox(),
                                Path.of("bash"),
                                "-c",
                                PIPELINE,
                                "pipeline",
                                directory.toString())
                        .run(DEADLINE)
                        .requireSuccess();
        Map<String, Long> counts = new TreeMap<>();
        for (String line : result.stdout().lines().toList()) {
            String[] fields = line.strip().split(" ", -1);
            counts.put(fields[1], Long.valueOf(fields[0]));
        }
        return counts;
    }

    private static void awaitCounts(Path output, Map<String, Long> expected)
            throws InterruptedException {
        POLLING.until(
                "the counts " + expected,
                DEADLINE,
                () -> WordCounts.read(output),
                expected::equals);
    }
}
