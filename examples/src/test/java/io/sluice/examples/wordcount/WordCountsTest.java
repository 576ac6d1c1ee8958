package io.sluice.examples.wordcount;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class WordCountsTest {

    @TempDir private Path directory;

    @Test
    void currentCountIsTheHighestOfItsLines() throws Exception {
        Files.writeString(directory.resolve("part-1"), "a,1\nb,2\na,10\n");
        Files.writeString(directory.resolve("part-2"), "a,9\n");

        assertThat(WordCounts.read(directory)).isEqualTo(Map.of("a", 10L, "b", 2L));
    }

    @Test
    void unfinishedFilesDoNotCount() throws Exception {
        Files.writeString(directory.resolve("part-1"), "a,1\n");
        Files.writeString(directory.resolve(".part-2.inprogress.7"), "a,2\n");

        assertThat(WordCounts.read(directory)).isEqualTo(Map.of("a", 1L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a,b", "a,1,2"})
    void lineThatIsNoCountIsRejectedWithItsFile(String line) throws Exception {
        Path file = directory.resolve("part-1");
        Files.writeString(file, line + "\n");

        assertThatThrownBy(() -> WordCounts.read(directory))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "%s: cannot read the count '%s': it must be 'word,count'."
                                .formatted(file, line));
    }
}
