package io.sluice.systemtests;

import io.sluice.testkit.cluster.Await;
import io.sluice.testkit.cluster.Command;
import io.sluice.testkit.cluster.Sandbox;
import org.junit.jupiter.api.Assumptions;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Headless Chromium, one process per page. */
final class Browser {

    private static final Duration DEADLINE = Duration.ofMinutes(2);

    /** Some loads in a hundred hang in Chromium, with all of the page there: they are repeated. */
    private static final Duration PAGE_DEADLINE = Duration.ofSeconds(20);

    private static final Await POLLING = Await.every(Duration.ofMillis(500));

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

    private final Path program;
    private final Sandbox sandbox;

    private Browser(Path program, Sandbox sandbox) {
        this.program = program;
        this.sandbox = sandbox;
    }

    /** A browser is too much to ask of everyone who builds this; CI installs one. */
    static void assumeInstalled() {
        Assumptions.assumeTrue(
                program().isPresent(),
                "There is no 'chromium' on the PATH, so nobody looked at the web UI. Install Debian's package 'chromium'.");
    }

    /** Returns a browser that leaves nothing outside of {@code sandbox}. */
    static Browser in(Sandbox sandbox) {
        return new Browser(program().orElseThrow(), sandbox);
    }

    private static Optional<Path> program() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(directory -> Path.of(directory, "chromium"))
                .filter(Files::isExecutable)
                .findFirst();
    }

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

    /** A page after its scripts have run. */
    record Page(String html, Path screenshot) {

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
