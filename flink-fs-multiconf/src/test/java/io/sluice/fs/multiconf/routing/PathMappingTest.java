package io.sluice.fs.multiconf.routing;

import org.apache.flink.core.fs.Path;

import io.sluice.fs.multiconf.routing.PathMapping.WrongBindingException;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PathMappingTest {

    private final PathMapping mapping = new PathMapping("aaHDFS", "hdfs", "ns1", false);
    private final PathMapping byDefault = new PathMapping("aaHDFS", "hdfs", "ns1", true);
    private final PathMapping files = new PathMapping("disk", "file", null, true);

    @Test
    void schemeIsExchangedBothWays() throws Exception {
        Path path = new Path("aaHDFS://ns1/a/b c");

        Path real = mapping.toReal(path);

        assertThat(real.toUri().toString()).isEqualTo("hdfs://ns1/a/b%20c");
        assertThat(mapping.toBinding(real, path)).isEqualTo(path);
    }

    @Test
    void pathWithoutAuthorityIsOfTheDefaultAndStaysWithout() throws Exception {
        Path path = new Path("aaHDFS:///a");

        Path real = byDefault.toReal(path);

        assertThat(real).hasToString("hdfs://ns1/a");
        assertThat(byDefault.toBinding(new Path("hdfs://ns1/a/b"), path))
                .hasToString("aaHDFS:/a/b");
    }

    @Test
    void pathWithAuthorityKeepsIt() throws Exception {
        assertThat(byDefault.toReal(new Path("aaHDFS://ns1/a"))).hasToString("hdfs://ns1/a");
        assertThat(byDefault.toBinding(new Path("hdfs://ns1/a"), new Path("aaHDFS://ns1/")))
                .hasToString("aaHDFS://ns1/a");
    }

    @Test
    void filesHaveNoAuthority() throws Exception {
        Path path = new Path("disk:///tmp/a");

        assertThat(files.toReal(path)).hasToString("file:/tmp/a");
        assertThat(files.toBinding(new Path("file:/tmp/a"), path)).hasToString("disk:/tmp/a");
        assertThat(files.root()).isEqualTo(URI.create("disk:///"));
    }

    @Test
    void absolutePathWithoutSchemeIsOfTheBinding() throws Exception {
        assertThat(mapping.toReal(new Path("/a"))).hasToString("hdfs://ns1/a");
    }

    @Test
    void relativePathStaysRelative() throws Exception {
        assertThat(mapping.toReal(new Path("a/b"))).hasToString("a/b");
    }

    @Test
    void rootIsAPath() throws Exception {
        assertThat(mapping.toReal(new Path("aaHDFS://ns1"))).hasToString("hdfs://ns1/");
        assertThat(mapping.root()).isEqualTo(URI.create("aaHDFS://ns1/"));
        assertThat(mapping.realRoot()).isEqualTo(URI.create("hdfs://ns1/"));
    }

    @Test
    void pathOfAnotherBindingIsRefused() {
        assertThatThrownBy(() -> mapping.toReal(new Path("bbHDFS://ns1/a")))
                .isInstanceOf(WrongBindingException.class)
                .hasMessage(
                        "Path bbHDFS://ns1/a is not of binding aaHDFS: its scheme is bbHDFS. Nothing goes from one binding to another but by reading and writing.");
        assertThatThrownBy(() -> mapping.toReal(new Path("aaHDFS://ns2/a")))
                .hasMessage(
                        "Path aaHDFS://ns2/a is not of aaHDFS://ns1/. Nothing goes from one authority to another but by reading and writing.");
        assertThatThrownBy(() -> mapping.toReal(new Path("aaHDFS:///a")))
                .isInstanceOf(WrongBindingException.class);
    }

    @Test
    void rootsAndSpecialCharactersComeBack() {
        assertThat(mapping.toBinding(new Path("hdfs://ns1/"), new Path("aaHDFS://ns1/")))
                .hasToString("aaHDFS://ns1/");
        assertThat(byDefault.toBinding(new Path("hdfs://ns1/a"), new Path("aaHDFS:/")))
                .hasToString("aaHDFS:/a");
        for (String name : List.of("a b", "a%20b", "ä:ö", "c+d#e?f", "a:b/c")) {
            Path real = new Path("hdfs://ns1/" + name);
            Path seen = mapping.toBinding(real, new Path("aaHDFS://ns1/"));
            assertThat(seen).isEqualTo(new Path("aaHDFS://ns1/" + name));
            assertThat(seen.getName()).isEqualTo(real.getName());
        }
    }

    @Test
    void pathOfAnotherAuthorityIsStillOneOfTheBinding() {
        assertThat(mapping.toBinding(new Path("hdfs://10.0.0.1:8020/a"), new Path("aaHDFS://ns1/")))
                .hasToString("aaHDFS://ns1/a");
    }
}
