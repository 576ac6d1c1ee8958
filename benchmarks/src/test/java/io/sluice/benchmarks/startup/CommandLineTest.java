package io.sluice.benchmarks.startup;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CommandLineTest {

    private static final CommandLine OURS =
            parse(
                    "/jdk/bin/java",
                    "-XX:SharedArchiveFile=/cds/processes.jsa",
                    "-Xshare:auto",
                    "-Xmx1g",
                    "-XX:+UseG1GC",
                    "-Dlog.file=/log/a.log",
                    "-Djava.io.tmpdir=/tmp/a",
                    "-classpath",
                    "/lib/a.jar",
                    "Main",
                    "-D",
                    "a=1");

    @Test
    void orderPathsAndArchiveDoNotMatter() {
        assertThat(
                        parse(
                                "/jdk/bin/java",
                                "-XX:+UseG1GC",
                                "-Xmx1g",
                                "-Dlog.file=/log/b.log",
                                "-Djava.io.tmpdir=/tmp/b",
                                "-classpath",
                                "/lib/b.jar",
                                "Main",
                                "-D",
                                "a=1"))
                .isEqualTo(OURS);
    }

    @Test
    void anyOtherArgumentMatters() {
        CommandLine other =
                parse("/jdk/bin/java", "-Xmx2g", "-XX:+UseG1GC", "Main", "-D", "-D", "a=1");

        assertThat(other).isNotEqualTo(OURS);
        assertThat(OURS.without(other)).containsExactly("-Xmx1g");
        assertThat(other.without(OURS)).containsExactly("-D", "-Xmx2g");
    }

    private static CommandLine parse(String... arguments) {
        return CommandLine.parse(String.join("\0", arguments) + "\0");
    }
}
