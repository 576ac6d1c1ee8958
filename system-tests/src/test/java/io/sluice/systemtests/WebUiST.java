package io.sluice.systemtests;

import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.LocalCluster;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;

/** The web UI as a browser shows it. */
class WebUiST {

    private static final Duration DEADLINE = Duration.ofMinutes(2);

    private static final Await POLLING = Await.every(Duration.ofMillis(500));
    private static final String JOB_NAME = "Highest bid per auction";

    /** Beside the reports of the tests, to be looked at. */
    private static final Path SCREENSHOT = Path.of("target", "web-ui-running-job.png");

    @Test
    void runningJobIsShown() throws Exception {
        Browser.assumeInstalled();
        Distribution distribution = Distribution.fromSystemProperty();
        try (LocalCluster cluster = LocalCluster.of(distribution).start()) {
            cluster.awaitReady(1);
            Browser browser = Browser.in(cluster.installation().sandbox());
            String overview = cluster.rest().base() + "/#/overview";
            Browser.Page empty = browser.awaitPage(overview, "Total Task Slots 1");
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

            Browser.Page jobs =
                    browser.awaitPage(cluster.rest().base() + "/#/job/running", JOB_NAME);
            assertThat(jobs.text()).containsPattern(JOB_NAME + " .* RUNNING");
            Browser.Page job =
                    browser.awaitPage(
                            cluster.rest().base() + "/#/job/running/%s/overview".formatted(jobId),
                            "Highest bid -> To CSV");
            assertThat(job.text()).contains(jobId, JOB_NAME, "RUNNING", "Auction stream");
            job.keep(SCREENSHOT);
        }
    }
}
