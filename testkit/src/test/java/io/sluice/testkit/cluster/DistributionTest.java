package io.sluice.testkit.cluster;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DistributionTest {

    @TempDir Path directory;

    @Test
    void knowsItsScripts() throws Exception {
        Distribution distribution = new TestingDistribution(directory).distribution();

        assertThat(distribution.script("flink")).isEqualTo(directory.resolve("bin/flink"));
        assertThatThrownBy(() -> distribution.script("flonk"))
                .hasMessage("%s has no script 'bin/flonk'.".formatted(directory));
    }

    @Test
    void copyMayBeChanged() throws Exception {
        Path home = directory.resolve("home");
        Distribution original = new TestingDistribution(home).distribution();
        Path jar = Files.createDirectories(home.resolve("lib/rpc")).resolve("a.jar");
        Files.writeString(jar, "jar");
        Files.createDirectories(home.resolve("cds"));
        Files.createDirectories(home.resolve("licenses"));

        Distribution copy = original.copyTo(directory.resolve("copy"));

        assertThat(copy.script("flink")).isExecutable();
        assertThat(Files.isSymbolicLink(copy.script("flink"))).isFalse();
        assertThat(copy.conf().resolve("config.yaml"))
                .hasSameTextualContentAs(original.conf().resolve("config.yaml"));
        assertThat(copy.lib().resolve("rpc/a.jar")).isSymbolicLink().hasContent("jar");
        assertThat(copy.home()).isDirectoryNotContaining("glob:**/cds");
        assertThat(copy.home()).isDirectoryContaining("glob:**/licenses");
    }

    @Test
    void directoryWithoutScriptsIsRefused() {
        assertThatThrownBy(() -> new Distribution(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "%s holds no distribution: bin/flink is missing. Build one with 'mvn -pl dist -am package', or point the system property 'sluice.distribution' to one."
                                .formatted(directory));
    }

    @Test
    void systemPropertyNamesIt() throws Exception {
        Distribution expected = new TestingDistribution(directory).distribution();
        System.setProperty(Distribution.PROPERTY, directory.toString());
        try {
            assertThat(Distribution.fromSystemProperty()).isEqualTo(expected);
        } finally {
            System.clearProperty(Distribution.PROPERTY);
        }
    }

    @Test
    void missingSystemPropertyIsNamed() {
        assertThatThrownBy(Distribution::fromSystemProperty)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "The system property 'sluice.distribution' is not set. Set it to the directory of an assembled distribution, such as dist/target/sluice-<version>.");
    }
}
