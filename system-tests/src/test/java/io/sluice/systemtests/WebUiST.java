package io.sluice.systemtests;

import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Command;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.LocalCluster;
import io.sluice.testkit.cluster.Sandbox;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** The web UI as a browser shows it. */
class WebUiST {

    private static final Duration DEADLINE = Duration.ofMinutes(2);

    /** Some loads in a hundred hang in Chromium, with all of the page there: they are repeated. */
    private static final Duration PAGE_DEADLINE = Duration.ofSeconds(20);

    private static final Await POLLING = Await.every(Duration.ofMillis(500));
    private static final String JOB_NAME = "Highest bid per auction";

    /** Beside the reports of the tests, to be looked at. */
    private static final Path SCREENSHOT = Path.of("target", "web-ui-running-job.png");

    @Test
    void runningJobIsShown() throws Exception {
        Optional<Path> chromium = chromium();
        // A browser is too much to ask of everyone who builds this; CI installs one.
        Assumptions.assumeTrue(
                chromium.isPresent(),
                "There is no 'chromium' on the PATH, so nobody looked at the web UI. Install Debian's package 'chromium'.");
        Distribution distribution = Distribution.fromSystemProperty();
        try (LocalCluster cluster = LocalCluster.of(distribution).start()) {
            cluster.awaitReady(1);
            Browser browser = new Browser(chromium.orElseThrow(), cluster.installation().sandbox());
            String overview = cluster.rest().base() + "/#/overview";
            Page empty = browser.awaitPage(overview, "Total Task Slots 1");
            assertThat(empty.text()).doesNotContain(JOB_NAME);

            String jobId =
                    cluster.submit(
                            AuctionTable.jar(distribution),
                            "--events-per-second",
                            "100",
                            "--output",
                            cluster.installation().sandbox().directory("output").toString());
            POLLING.until(
                    "all tasks to run",
                    DEADLINE,
                    () -> cluster.rest().job(jobId),
                    job -> job.allTasksRunning());

            Page jobs = browser.awaitPage(cluster.rest().base() + "/#/job/running", JOB_NAME);
            assertThat(jobs.text()).containsPattern(JOB_NAME + " .* RUNNING");
            Page job =
                    browser.awaitPage(
                            cluster.rest().base() + "/#/job/running/%s/overview".formatted(jobId),
                            "Highest bid -> To CSV");
            assertThat(job.text()).contains(jobId, JOB_NAME, "RUNNING", "Auction stream");
            job.keep(SCREENSHOT);
        }
    }

    private static Optional<Path> chromium() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(directory -> Path.of(directory, "chromium"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Headless Chromium, one process per page. */
    private record Browser(Path program, Sandbox sandbox) {

        /** What it would say to the outside world is switched off. */
        private static final List<String> FLAGS =
                List.of(
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--window-size=1400,900");

        /** Loads a page again and again until its text has {@code part}. */
        Page awaitPage(String uri, String part) throws InterruptedException {
            return POLLING.until(
                    "'%s' on %s".formatted(part, uri),
                    DEADLINE,
                    () -> load(uri),
                    page -> page.text().contains(part));
        }

        /** The clock of the page runs ahead as long as it waits for nothing else. */
        private Page load(String uri) throws IOException, InterruptedException {
            Path profile = Files.createTempDirectory(sandbox.tmp(), "chromium-");
            Path screenshot = profile.resolve("page.png");
            Command.Result result =
                    Command.of(sandbox, program, FLAGS.toArray(String[]::new))
                            .args(
                                    "--user-data-dir=" + profile,
                                    "--virtual-time-budget=10000",
                                    "--screenshot=" + screenshot,
                                    "--dump-dom",
                                    uri)
                            .run(PAGE_DEADLINE)
                            .requireSuccess();
            return new Page(result.stdout(), screenshot);
        }
    }

    /** A page after its scripts have run. */
    private record Page(String html, Path screenshot) {

        /** Returns what a reader sees, in one line. */
        String text() {
            return html.replaceAll("(?s)<(script|style)\\b.*?</\\1>", " ")
                    .replaceAll("(?s)<!--.*?-->|<[^>]*>", " ")
                    .replace("&gt;", ">")
                    .replaceAll("\\s+", " ");
        }

        void keep(Path file) throws IOException {
            Files.copy(screenshot, file, StandardCopyOption.REPLACE_EXISTING);
        }

        @Override
        public String toString() {
            return text();
        }
    }
}
