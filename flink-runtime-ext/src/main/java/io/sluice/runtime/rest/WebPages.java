package io.sluice.runtime.rest;

import org.apache.flink.configuration.WebOptions;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * Our pages beside Flink's dashboard, and the link to them in it.
 *
 * <p>Flink's server looks for a file in its own directory before it takes one of the dashboard's
 * from the class path. So our pages are copied into that directory, and with them the dashboard's
 * first page with one more script.
 */
final class WebPages {

    private static final Logger LOG = LoggerFactory.getLogger(WebPages.class);

    /** Of our files, on the class path. */
    private static final String RESOURCES = "sluice-web/";

    static final List<String> FILES =
            List.of(
                    "backpressure.html",
                    "backpressure.css",
                    "backpressure.js",
                    "elements.js",
                    "graph.js",
                    "layout.js",
                    "timeline.js",
                    "words.js",
                    "dashboard-link.js");

    private static final String INDEX = "index.html";
    private static final String INDEX_RESOURCE = "web/" + INDEX;
    private static final String END_OF_BODY = "</body>";
    static final String SCRIPT = "<script src=\"sluice/dashboard-link.js\" defer></script>";

    private final ClassLoader dashboard;
    private final Path webUiDirectory;

    /**
     * Pages to be written.
     *
     * @param dashboard has Flink's dashboard, unless somebody left its jar out
     */
    WebPages(ClassLoader dashboard, Path webUiDirectory) {
        this.dashboard = dashboard;
        this.webUiDirectory = webUiDirectory;
    }

    /** Writes the pages, to be served from now on. Without them the JobManager goes on. */
    static void install(File webUiDirectory) {
        new WebPages(WebPages.class.getClassLoader(), webUiDirectory.toPath()).writeOrWarn();
    }

    void writeOrWarn() {
        try {
            write();
        } catch (IOException e) {
            LOG.warn(
                    "The backpressure page is not there: {} cannot be written ({}). Flink's"
                            + " dashboard and all other routes are. Let '{}' be a directory that can"
                            + " be written, and start the JobManager again.",
                    webUiDirectory,
                    e.toString(),
                    WebOptions.TMP_DIR.key());
        }
    }

    /** Without Flink's dashboard nobody serves files, so there are none then. */
    private void write() throws IOException {
        String index = read(dashboard, INDEX_RESOURCE);
        if (index == null) {
            LOG.info(
                    "There is no backpressure page, as there is no dashboard: flink-runtime-web is"
                            + " not on the class path.");
            return;
        }
        Path pages = Files.createDirectories(webUiDirectory.resolve("sluice"));
        for (String file : FILES) {
            copy(file, pages.resolve(file));
        }
        int end = index.lastIndexOf(END_OF_BODY);
        if (end < 0 || end != index.indexOf(END_OF_BODY)) {
            LOG.info(
                    "The dashboard has no link to sluice/{}: its {} is not as in Flink 2.3.0.",
                    FILES.get(0),
                    INDEX);
            return;
        }
        Files.writeString(
                webUiDirectory.resolve(INDEX),
                index.substring(0, end) + SCRIPT + index.substring(end));
    }

    private static void copy(String file, Path target) throws IOException {
        try (InputStream in =
                WebPages.class.getClassLoader().getResourceAsStream(RESOURCES + file)) {
            if (in == null) {
                throw new FileNotFoundException(RESOURCES + file + " on the class path");
            }
            Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static @Nullable String read(ClassLoader classLoader, String resource)
            throws IOException {
        try (InputStream in = classLoader.getResourceAsStream(resource)) {
            return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
