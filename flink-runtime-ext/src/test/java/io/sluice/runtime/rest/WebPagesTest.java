package io.sluice.runtime.rest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

class WebPagesTest {

    private static final Pattern OTHER_HOST = Pattern.compile("(?i)\\b(https?:)?//[a-z0-9]");

    private static final Pattern REFERENCE =
            Pattern.compile("(?:(?:src|href)=\"|from '\\./)([a-z-]+\\.[a-z]+)[\"']");

    @TempDir private Path directory;

    @Test
    void dashboardGetsOneMoreScript() throws IOException {
        write("<html><body><flink-root></flink-root></body></html>");

        assertThat(webUi().resolve("index.html"))
                .hasContent(
                        "<html><body><flink-root></flink-root>"
                                + "<script src=\"sluice/dashboard-link.js\" defer></script>"
                                + "</body></html>");
    }

    @Test
    void pagesAreServedWithEverythingTheyReferTo() throws IOException {
        write("<body></body>");

        Set<String> written = names(webUi().resolve("sluice"));
        assertThat(written).containsExactlyInAnyOrderElementsOf(WebPages.FILES);
        for (String file : written) {
            assertThat(written)
                    .as("What %s refers to", file)
                    .containsAll(references(webUi().resolve("sluice").resolve(file)));
        }
    }

    @Test
    void everyFileThatIsShippedIsWritten() throws Exception {
        URL shipped = WebPages.class.getResource("/sluice-web/");
        assertThat(shipped).isNotNull();

        assertThat(names(Path.of(shipped.toURI())))
                .containsExactlyInAnyOrderElementsOf(WebPages.FILES);
    }

    @Test
    void pagesAskNoOtherHost() throws IOException {
        write("<body></body>");

        for (String file : WebPages.FILES) {
            String content =
                    Files.readString(webUi().resolve("sluice").resolve(file))
                            // The name of a language, which nobody loads.
                            .replace("http://www.w3.org/2000/svg", "");
            assertThat(OTHER_HOST.matcher(content).results().map(MatchResult::group))
                    .as(file)
                    .isEmpty();
        }
    }

    @Test
    void namesOfUsersNeverBecomeMarkup() throws IOException {
        write("<body></body>");

        for (String file : WebPages.FILES) {
            assertThat(webUi().resolve("sluice").resolve(file))
                    .content()
                    .doesNotContainPattern(
                            "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|eval\\(");
        }
    }

    @Test
    void withoutADashboardNothingIsWritten() throws IOException {
        new WebPages(emptyClassPath(), webUi()).writeOrWarn();

        assertThat(webUi()).doesNotExist();
    }

    @Test
    void anotherDashboardStaysAsItIs() throws IOException {
        write("<html><frameset></frameset></html>");

        assertThat(webUi().resolve("index.html")).doesNotExist();
        assertThat(webUi().resolve("sluice/backpressure.html")).exists();
    }

    @Test
    void directoryThatCannotBeWrittenFailsNothing() throws IOException {
        Files.createFile(webUi());

        write("<body></body>");

        assertThat(webUi()).isEmptyFile();
    }

    private Path webUi() {
        return directory.resolve("web-ui");
    }

    /** Writes the pages beside a dashboard. */
    private void write(String index) throws IOException {
        Path jar = Files.createDirectories(directory.resolve("dashboard/web"));
        Files.writeString(jar.resolve("index.html"), index);
        try (URLClassLoader dashboard =
                new URLClassLoader(
                        new URL[] {directory.resolve("dashboard").toUri().toURL()}, null)) {
            new WebPages(dashboard, webUi()).writeOrWarn();
        }
    }

    private static ClassLoader emptyClassPath() {
        return new URLClassLoader(new URL[0], null);
    }

    private static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Set<String> references(Path file) throws IOException {
        return REFERENCE
                .matcher(Files.readString(file))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
