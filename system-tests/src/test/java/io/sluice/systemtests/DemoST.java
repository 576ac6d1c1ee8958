package io.sluice.systemtests;

import io.sluice.testkit.cluster.Command;
import io.sluice.testkit.cluster.LaunchedProcess;
import io.sluice.testkit.cluster.Sandbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code ./demo} as a user runs it, with a shorter stream. */
class DemoST {

    private static final Path DEMO = Path.of(System.getProperty("sluice.root"), "demo");
    private static final Duration DEADLINE = Duration.ofMinutes(8);

    /** Beside the reports of the tests, to be looked at. */
    private static final Path KEPT_REPORT = Path.of("target", "demo-report.html");

    private static final Pattern CHART = Pattern.compile("(?s)<svg .*?</svg>");

    private final Sandbox sandbox = Sandbox.create();

    @AfterEach
    void deleteSandbox() {
        sandbox.close();
    }

    @Test
    void stockRunsOutOfMemoryAndSluiceGivesTheExactResult() throws Exception {
        Path report = sandbox.directory("reports").resolve("new/demo.html");

        Command.Result result =
                demo("--events", "250000", "--report", report.toString()).run(DEADLINE);

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.stdout())
                .containsPattern(
                        "Stock +hashmap: the TaskManager ended with exit code 3 after [0-9.]+ s and [1-9][0-9,]* records:\n +Terminating due to java.lang.OutOfMemoryError: Java heap space\n")
                .containsPattern(
                        "State +about [0-9]+ MiB on heap and [1-9][0-9]* MiB on disk in the end")
                .containsPattern(
                        "Failure +tm-1 killed with signal 9 while [1-9][0-9]* of 128 key groups were moving\n")
                .containsPattern(
                        "Recovery +from checkpoint [1-9][0-9]*; all tasks ran again after [0-9.]+ s\n")
                .contains(
                        "Result       exact: 15000 of 15000 results: 0 missing, 0 unexpected, 0 duplicated, 0 different; 0 with other bids\n")
                .endsWith("Report       %s\n".formatted(report));
        assertThat(sandbox.tmp()).isEmptyDirectory();
        assertReport(Files.readString(report));
        Files.copy(report, KEPT_REPORT, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void assertReport(String html) throws Exception {
        assertThat(html).doesNotContainPattern("(src|href)=|url\\(|@import|<script");
        List<Document> charts = new ArrayList<>();
        DocumentBuilder parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        Matcher chart = CHART.matcher(html);
        while (chart.find()) {
            charts.add(
                    parser.parse(
                            new ByteArrayInputStream(
                                    chart.group().getBytes(StandardCharsets.UTF_8))));
        }
        assertThat(charts)
                .extracting(document -> document.getDocumentElement().getAttribute("aria-label"))
                .containsExactly(
                        "State by tier",
                        "Share of key groups",
                        "Throughput",
                        "Longest pause between two records, in the last 2 s",
                        "Heap of the TaskManager in use, garbage included");
        for (Document document : charts) {
            assertThat(texts(document)).contains("kill -9", "recovered", "stream ends");
            assertThat(points(document)).as(title(document)).hasSizeGreaterThan(20);
        }
    }

    private static String title(Document document) {
        return document.getDocumentElement().getAttribute("aria-label");
    }

    private static List<String> texts(Document document) {
        List<String> texts = new ArrayList<>();
        NodeList nodes = document.getElementsByTagName("text");
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts;
    }

    /** Returns the points of all lines and areas. */
    private static List<String> points(Document document) {
        List<String> points = new ArrayList<>();
        for (String shape : List.of("polyline", "polygon")) {
            NodeList nodes = document.getElementsByTagName(shape);
            for (int i = 0; i < nodes.getLength(); i++) {
                points.addAll(List.of(((Element) nodes.item(i)).getAttribute("points").split(" ")));
            }
        }
        return points;
    }

    @Test
    void interruptLeavesNoProcessAndNoFile() throws Exception {
        Path report = sandbox.directory("reports").resolve("demo.html");
        LaunchedProcess demo = demo("--report", report.toString()).start("demo");
        demo.awaitOutput(Pattern.compile("Stock: running "), DEADLINE);
        List<ProcessHandle> cluster = demo.handle().descendants().toList();

        // Not by SIGINT, which a shell's background jobs, and so their children, ignore.
        demo.requestStop();
        demo.awaitExit(Duration.ofSeconds(30));

        assertThat(demo.output())
                .endsWith("Interrupted: everything is stopped, and nothing is left.\n");
        assertThat(cluster).hasSize(2).noneMatch(ProcessHandle::isAlive);
        assertThat(sandbox.tmp()).isEmptyDirectory();
        assertThat(report).doesNotExist();
    }

    @Test
    void helpNamesEveryOption() throws Exception {
        Command.Result result = demo("--help").run(DEADLINE);

        assertThat(result.exitCode()).isZero();
        assertThat(result.stdout())
                .startsWith("Usage: ./demo [options]\n")
                .contains("--events N", "--events-per-second N", "--seed N", "--report FILE");
    }

    @Test
    void unknownArgumentIsRefused() throws Exception {
        Command.Result result = demo("--event", "5").run(DEADLINE);

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.stderr())
                .isEqualTo(
                        "There is no argument '--event'. Valid are --events, --events-per-second and --seed with a number, --report with a file, and --help.\n");
    }

    private Command demo(String... arguments) {
        return Command.of(sandbox, DEMO, arguments).env("TMPDIR", sandbox.tmp().toString());
    }
}
