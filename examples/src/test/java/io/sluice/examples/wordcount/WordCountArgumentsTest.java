package io.sluice.examples.wordcount;

import org.apache.flink.core.fs.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class WordCountArgumentsTest {

    private static final String VALID =
            " Valid arguments: --input, --output, --bounded, --discovery-interval,"
                    + " --update-interval.";

    private static WordCountArguments parse(String... args) {
        return WordCountArguments.parse(Optional.empty(), args);
    }

    @Test
    void withoutInputTheLicencesOfTheDistributionAreRead() {
        assertThat(WordCountArguments.parse(Optional.of("/opt/sluice")))
                .isEqualTo(
                        new WordCountArguments(
                                List.of(new Path("/opt/sluice/licenses")),
                                null,
                                false,
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(1)));
    }

    @Test
    void withoutInputAndDistributionThereIsNothingToCount() {
        assertThatThrownBy(() -> parse("--bounded"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Cannot start the word count: there is no '--input', and FLINK_HOME, whose"
                                + " licences are the default input, is not set."
                                + VALID);
    }

    @Test
    void inputMayBeRepeatedAndSeparatedByCommas() {
        WordCountArguments arguments = parse("--input", "/a,/b", "--input", "s3://bucket/c");

        assertThat(arguments.inputs())
                .containsExactly(new Path("/a"), new Path("/b"), new Path("s3://bucket/c"));
    }

    @Test
    void relativePathsAreBelowTheDirectoryOfTheCaller() {
        WordCountArguments arguments = parse("--input", "in", "--output", "out");

        assertThat(arguments.inputs())
                .containsExactly(new Path(new File("in").getAbsoluteFile().toURI()));
        assertThat(arguments.output())
                .isEqualTo(new Path(new File("out").getAbsoluteFile().toURI()));
    }

    @Test
    void everyArgumentIsRead() {
        WordCountArguments arguments =
                parse(
                        "--bounded",
                        "--input",
                        "/in",
                        "--output",
                        "/out",
                        "--discovery-interval",
                        "5 s",
                        "--update-interval",
                        "200ms");

        assertThat(arguments)
                .isEqualTo(
                        new WordCountArguments(
                                List.of(new Path("/in")),
                                new Path("/out"),
                                true,
                                Duration.ofSeconds(5),
                                Duration.ofMillis(200)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--inptu /a|there is no argument '--inptu'.",
                "/a|there is no argument '/a'.",
                "--input|'--input' has no value.",
                "--input /a,,/b|a path is empty.",
                "--input /a --output /b --output /c|'--output' is given twice.",
                "--input /a --discovery-interval 0s|'--discovery-interval' is '0s', but it must be a time of at least 1 ms, such as '1 s'.",
                "--input /a --update-interval soon|'--update-interval' is 'soon', but it must be a time of at least 1 ms, such as '1 s'."
            })
    void badArgumentIsRejectedInOneLineWithTheValidOnes(String line, String problem) {
        assertThatThrownBy(() -> parse(line.split(" ", -1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot start the word count: " + problem + VALID);
    }
}
