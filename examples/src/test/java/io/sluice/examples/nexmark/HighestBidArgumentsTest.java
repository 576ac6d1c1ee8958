package io.sluice.examples.nexmark;

import org.apache.flink.core.fs.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.File;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class HighestBidArgumentsTest {

    private static final String VALID =
            " Valid arguments: --events, --events-per-second, --seed, --base-time,"
                    + " --event-interval, --in-flight-auctions, --hot-auction-ratio,"
                    + " --hot-bidder-ratio, --hot-seller-ratio, --extra-length, --output,"
                    + " --parallelism.";

    @Test
    void withoutArgumentsTheStreamIsEndlessAndGoesToStandardOutput() {
        assertThat(HighestBidArguments.parse())
                .isEqualTo(new HighestBidArguments(NexmarkSettings.defaults(), null, null));
    }

    @Test
    void argumentsAreRead() {
        HighestBidArguments arguments =
                HighestBidArguments.parse(
                        "--events", "10", "--seed", "-1", "--output", "/out", "--parallelism", "3");

        assertThat(arguments)
                .isEqualTo(
                        new HighestBidArguments(
                                NexmarkSettings.defaults().withEvents(10).withSeed(-1),
                                new Path("/out"),
                                3));
    }

    @Test
    void settingsAreWhatTheirArgumentsSay() {
        NexmarkSettings settings =
                NexmarkSettings.defaults().withEvents(10).withSeed(-1).withAuctionsLeftOpen(7);

        assertThat(
                        HighestBidArguments.parse(settings.toArguments().toArray(String[]::new))
                                .settings())
                .isEqualTo(settings);
    }

    @Test
    void relativeOutputIsBelowTheDirectoryOfTheCaller() {
        HighestBidArguments arguments = HighestBidArguments.parse("--output", "out");

        assertThat(arguments.output())
                .isEqualTo(new Path(new File("out").getAbsoluteFile().toURI()));
    }

    @Test
    void outputMayBeOnAnotherFileSystem() {
        HighestBidArguments arguments = HighestBidArguments.parse("--output", "s3://bucket/out");

        assertThat(arguments.output()).isEqualTo(new Path("s3://bucket/out"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--evnets 10|there is no argument '--evnets'.",
                "events|there is no argument 'events'.",
                "--events|'--events' has no value.",
                "--events 1 --events 2|'--events' is given twice.",
                "--events ten|Could not parse value 'ten' for key 'events'.",
                "--events 0|'events' is 0, but it must be at least 1.",
                "--parallelism 0|'--parallelism' is '0', but it must be a number from 1 on.",
                "--parallelism two|'--parallelism' is 'two', but it must be a number from 1 on."
            })
    void badArgumentIsRejectedInOneLineWithTheValidOnes(String line, String problem) {
        assertThatThrownBy(() -> HighestBidArguments.parse(line.split(" ", -1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot start the highest bid job: " + problem + VALID);
    }
}
