package io.sluice.systemtests;

import io.sluice.examples.backpressure.SlowStepJob;
import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.FlinkRest;
import io.sluice.testkit.cluster.JobDetails;
import io.sluice.testkit.cluster.LocalCluster;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;

/** The backpressure page as a browser shows it, of a job whose slow step is known. */
@Undisturbed
class BackpressurePageST {

    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final Await POLLING = Await.every(Duration.ofMillis(500));

    /** What a page would load from elsewhere. */
    private static final String OTHER_HOST = "(src|href)=\"(https?:)?//";

    /** Beside the reports of the tests, to be looked at. */
    private static final Path SCREENSHOT = Path.of("target", "backpressure-page.png");

    @Test
    void slowStepIsNamedAndTheDashboardLeadsThere() throws Exception {
        Browser.assumeInstalled();
        Distribution distribution = Distribution.fromSystemProperty();
        try (LocalCluster cluster = LocalCluster.of(distribution).slotsPerTaskManager(2).start()) {
            cluster.awaitReady(2);
            FlinkRest rest = cluster.rest();
            Browser browser = Browser.in(cluster.installation().sandbox());
            String list = rest.base() + "/sluice/backpressure.html";
            browser.awaitPage(list, "No job is running.");

            String job = cluster.submit(distribution.examples().resolve("slow-step.jar"));
            POLLING.until(
                    "all tasks to run", DEADLINE, () -> rest.job(job), JobDetails::allTasksRunning);
            Browser.Page jobs = browser.awaitPage(list, SlowStepJob.NAME);
            String uri = list + "?job=" + job;
            // An episode begins only after some seconds.
            browser.awaitPage(uri, "goes on");
            Browser.Page page =
                    browser.awaitPage(uri, SlowStepJob.SLOW_STEP + " holds back 2 of 6 steps: ");
            page.keep(SCREENSHOT);
            Browser.Page dashboard =
                    browser.awaitPage(
                            rest.base() + "/#/job/running/%s/overview".formatted(job),
                            "Backpressure");
            rest.cancel(job);
            Browser.Page ended = browser.awaitPage(uri, "The job has ended: CANCELED.");

            assertThat(jobs.html()).contains("href=\"backpressure.html?job=%s\"".formatted(job));
            assertThat(page.text())
                    .contains("2 vertices wait for it.", "The job now", "Source: Orders", "Parse")
                    .containsPattern("held back \\d+ % by " + SlowStepJob.SLOW_STEP)
                    .doesNotContain("No answer from the JobManager", "cannot be shown");
            assertThat(page.html()).doesNotContainPattern(OTHER_HOST);
            assertThat(dashboard.html())
                    .contains("href=\"sluice/backpressure.html?job=%s\"".formatted(job));
            assertThat(ended.text()).contains("The job at its last report");
        }
    }
}
