package io.sluice.testkit.dist;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Starts from a good distribution; each test breaks one thing. */
class DistributionGateTest {

    @TempDir Path directory;

    @BeforeEach
    void assembleAGoodOne() throws Exception {
        jar("lib/log4j-api-2.25.3.jar", "org/log/Api.class", "module-info.class");
        jar("lib/log4j-1.2-api-2.25.3.jar", "org/log/Old.class", "module-info.class");
        jar("lib/asm-9-9.9.1-21.0.jar", "org/asm/A.class", "META-INF/versions/9/org/log/Api.class");
        jar("lib/rpc/flink-rpc-akka-2.3.0.jar", "org/log/Api.class");
        jar("plugins/metrics-jmx/flink-metrics-jmx-2.3.0.jar", "org/jmx/J.class");
        jar("opt/flink-s3-2.3.0.jar", "org/s3/S.class");
        jar("examples/word-count.jar", "io/sluice/W.class");
        write(
                "licenses/INDEX.txt",
                """
                # artifactId     licence       texts
                log4j-api        Apache-2.0    LICENSE.apache
                log4j-1.2-api    Apache-2.0    LICENSE.apache
                asm-9            BSD-3-Clause  LICENSE.asm,AUTHORS.asm
                flink-rpc-akka   Apache-2.0,MIT  LICENSE.apache
                flink-metrics-jmx Apache-2.0   LICENSE.apache
                flink-s3         Apache-2.0    LICENSE.apache
                word-count       Apache-2.0    own
                """);
        write("licenses/LICENSE.apache", "Apache License");
        write("licenses/LICENSE.asm", "BSD");
        write("licenses/AUTHORS.asm", "OW2");
        write(
                "NOTICE",
                """
                Sluice

                - org.apache.logging.log4j:log4j-api:2.25.3
                - org.apache.logging.log4j:log4j-1.2-api:2.25.3
                - org.apache.flink:asm-9:9.9.1-21.0
                - flink-rpc-akka:2.3.0
                  - org.scala-lang:scala-library:2.12.20
                - flink-metrics-jmx:2.3.0
                - flink-s3:2.3.0
                """);
        write("../allowed.txt", "# none\n");
        classPath("log4j-api-2.25.3.jar", "flink-s3-2.3.0.jar");
    }

    @Test
    void goodDistributionPasses() throws Exception {
        assertThatCode(() -> gate().check()).doesNotThrowAnyException();
        DistributionGate.main(
                new String[] {
                    dist().toString(),
                    directory.resolve("class-path.txt").toString(),
                    directory.resolve("allowed.txt").toString()
                });
    }

    @Test
    void failureListsEveryProblem() throws Exception {
        Files.delete(dist().resolve("NOTICE"));
        write("licenses/LICENSE.asm", " \n");

        assertThatThrownBy(() -> gate().check())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        """
                        %s must not be shipped, 2 problem(s):
                        - The text licenses/LICENSE.asm, which licenses/INDEX.txt names, is missing or empty.
                        - NOTICE does not exist."""
                                .formatted(dist()));
    }

    @Test
    void wrongArgumentsAreNamed() {
        assertThatThrownBy(() -> DistributionGate.main(new String[] {"x"}))
                .hasMessage(
                        "DistributionGate takes 3 arguments, not 1: <distribution> <class path file> <allowed duplicates file>");
    }

    @Test
    void emptyLibIsAProblem() throws Exception {
        Path empty = Files.createDirectories(directory.resolve("empty"));

        assertThat(
                        new DistributionGate(
                                        empty,
                                        directory.resolve("class-path.txt"),
                                        directory.resolve("allowed.txt"))
                                .problems())
                .contains("lib/ holds no jar.", "licenses/INDEX.txt does not exist.");
    }

    @Test
    void duplicateClassesNameBothJarsTheirNumberAndExamples() throws Exception {
        jar(
                "lib/log4j-1.2-api-2.25.3.jar",
                "org/log/Api.class",
                "org/log/B.class",
                "org/log/C.class",
                "org/log/D.class");
        jar(
                "lib/log4j-api-2.25.3.jar",
                "org/log/Api.class",
                "org/log/B.class",
                "org/log/C.class",
                "org/log/D.class");

        assertThat(gate().problems())
                .containsExactly(
                        "log4j-1.2-api-2.25.3.jar and log4j-api-2.25.3.jar both hold 4 classes, such as org.log.Api, org.log.B, org.log.C. Exclude one of the jars.");
    }

    @Test
    void allowedDuplicatePassesWhateverTheOrderOfTheJars() throws Exception {
        jar("lib/log4j-1.2-api-2.25.3.jar", "org/log/Api.class");
        write("../allowed.txt", "log4j-api log4j-1.2-api org.log. # the same bytes\n");

        assertThat(gate().problems()).isEmpty();
    }

    @Test
    void allowedPrefixCoversNoOtherClass() throws Exception {
        jar("lib/log4j-1.2-api-2.25.3.jar", "org/log/Api.class", "org/asm/A.class");
        write("../allowed.txt", "log4j-api log4j-1.2-api org.log. # the same bytes\n");

        assertThat(gate().problems())
                .containsExactly(
                        "asm-9-9.9.1-21.0.jar and log4j-1.2-api-2.25.3.jar both hold 1 classes, such as org.asm.A. Exclude one of the jars.");
    }

    @Test
    void allowedLinesMustBeOfUseAndGiveAReason() throws Exception {
        write("../allowed.txt", "log4j-api asm-9 org. # once\nlog4j-api asm-9 org.log.\n");

        assertThat(gate().problems())
                .containsExactly(
                        "The line 'log4j-api asm-9 org.log.' of allowed.txt is not '<artifactId> <artifactId> <class name prefix> # <reason>'.",
                        "The line 'log4j-api asm-9 org. # once' of allowed.txt allows no duplicate: remove it.");
    }

    @Test
    void missingAllowListIsAProblem() throws Exception {
        Files.delete(directory.resolve("allowed.txt"));

        assertThat(gate().problems())
                .containsExactly(
                        "%s, the list of allowed duplicates, does not exist. An empty file allows none."
                                .formatted(directory.resolve("allowed.txt")));
    }

    @Test
    void jarWithoutALineHasNoKnownLicence() throws Exception {
        jar("opt/log4j-2.0.jar", "org/l/L.class");
        jar("lib/rpc/log4j-apis-1.jar", "org/l/L.class");

        assertThat(gate().problems())
                .containsExactly(
                        "The licence of log4j-apis-1.jar is unknown: add a line to licenses/INDEX.txt.",
                        "The licence of log4j-2.0.jar is unknown: add a line to licenses/INDEX.txt.");
    }

    @Test
    void indexHoldsNothingThatIsNotThere() throws Exception {
        append("licenses/INDEX.txt", "kryo BSD-3-Clause LICENSE.kryo\nkryo MIT own\nminlog MIT\n");
        write("licenses/LICENSE.minlog", "MIT");

        assertThat(gate().problems())
                .containsExactly(
                        "licenses/INDEX.txt has two lines for 'kryo'.",
                        "The line 'minlog MIT' of licenses/INDEX.txt is not '<artifactId> <SPDX id>[,...] <text>[,...]'.",
                        "The line of 'kryo' in licenses/INDEX.txt is of no jar: remove it.",
                        "The text licenses/LICENSE.kryo, which licenses/INDEX.txt names, is missing or empty.",
                        "No line of licenses/INDEX.txt names licenses/LICENSE.minlog: remove the text.");
    }

    @Test
    void jarOfTheClassPathMustBeShipped() throws Exception {
        classPath("log4j-api-2.25.3.jar", "kryo-5.6.2.jar");

        assertThat(gate().problems())
                .containsExactly(
                        "kryo-5.6.2.jar is on the run-time class path but in no folder of the distribution: put it into one, or exclude it.");
    }

    @Test
    void jarOfTheClassPathMayBeShippedUnderAnotherName() throws Exception {
        Path built = directory.resolve("sluice-examples-1.0-word-count.jar");
        Files.copy(dist().resolve("examples/word-count.jar"), built);
        Files.writeString(directory.resolve("class-path.txt"), built.toString());

        assertThat(gate().problems()).isEmpty();
    }

    @Test
    void emptyClassPathIsAProblem() throws Exception {
        Files.writeString(directory.resolve("class-path.txt"), "\n");

        assertThat(gate().problems())
                .containsExactly(
                        "The class path in %s holds no jar."
                                .formatted(directory.resolve("class-path.txt")));
    }

    @Test
    void noticeFollowsTheVersions() throws Exception {
        Files.move(
                dist().resolve("opt/flink-s3-2.3.0.jar"), dist().resolve("opt/flink-s3-2.3.1.jar"));
        classPath("log4j-api-2.25.3.jar");

        assertThat(gate().problems())
                .containsExactly(
                        "NOTICE does not list flink-s3:2.3.1: add '- <groupId>:flink-s3:2.3.1'.",
                        "NOTICE lists flink-s3:2.3.0, which is no jar of the distribution: remove it.");
    }

    private DistributionGate gate() {
        return new DistributionGate(
                dist(), directory.resolve("class-path.txt"), directory.resolve("allowed.txt"));
    }

    private Path dist() {
        return directory.resolve("dist");
    }

    private void classPath(String... jars) throws IOException {
        Files.writeString(
                directory.resolve("class-path.txt"),
                "/repository/" + String.join(File.pathSeparator + "/repository/", jars));
    }

    private void write(String file, String text) throws IOException {
        Path path = dist().resolve(file).normalize();
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void append(String file, String text) throws IOException {
        write(file, Files.readString(dist().resolve(file)) + text);
    }

    private void jar(String file, String... entries) throws IOException {
        Path path = dist().resolve(file);
        Files.createDirectories(path.getParent());
        try (OutputStream out = Files.newOutputStream(path);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (String entry : entries) {
                zip.putNextEntry(new ZipEntry(entry));
                zip.write(entry.getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
    }
}
