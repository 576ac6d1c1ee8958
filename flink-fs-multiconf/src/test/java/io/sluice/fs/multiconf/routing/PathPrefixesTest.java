package io.sluice.fs.multiconf.routing;

import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PathPrefixesTest {

    private final PathPrefixes prefixes = new PathPrefixes(List.of("/data/", "/tmp/jobs"));

    @Test
    void prefixAndWhatIsBelowItIsAllowed() {
        assertThat(prefixes.allow("/data")).isTrue();
        assertThat(prefixes.allow("/data/")).isTrue();
        assertThat(prefixes.allow("/data/a/b")).isTrue();
        assertThat(prefixes.allow("/tmp/jobs/a")).isTrue();
    }

    @Test
    void nothingElseIs() {
        assertThat(prefixes.allow("/")).isFalse();
        assertThat(prefixes.allow("/database")).isFalse();
        assertThat(prefixes.allow("/tmp")).isFalse();
        assertThat(prefixes.allow("data/a")).isFalse();
    }

    @Test
    void noWayLeadsOut() {
        assertThat(prefixes.allow("/data/../etc")).isFalse();
        assertThat(prefixes.allow("/data/a/..")).isFalse();
        assertThat(prefixes.allow("/data/..a")).isTrue();
    }

    @Test
    void rootHoldsEverything() {
        assertThat(new PathPrefixes(List.of("/")).allow("/a")).isTrue();
    }

    @Test
    void withoutPrefixesEverythingIsAllowed() {
        assertThat(new PathPrefixes(List.of()).allow("/a/../b")).isTrue();
    }

    @Test
    void prefixMustBeAbsolute() {
        assertThatThrownBy(() -> new PathPrefixes(List.of("data")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'data' is not an absolute path without '..'.");
        assertThatThrownBy(() -> new PathPrefixes(List.of("/data/../etc")))
                .hasMessage("'/data/../etc' is not an absolute path without '..'.");
    }
}
