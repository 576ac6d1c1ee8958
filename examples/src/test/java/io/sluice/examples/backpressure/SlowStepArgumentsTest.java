package io.sluice.examples.backpressure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SlowStepArgumentsTest {

    @Test
    void withoutArgumentsEachRecordIsTwoMillisecondsOfWork() {
        assertThat(SlowStepArguments.parse())
                .isEqualTo(new SlowStepArguments(Duration.ofMillis(2), false));
    }

    @Test
    void everyArgumentIsRead() {
        assertThat(SlowStepArguments.parse("--time-per-record", "500 micros", "--wait"))
                .isEqualTo(new SlowStepArguments(Duration.ofNanos(500_000), true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--sleep|'--sleep' is no argument or has no value. Valid arguments: --time-per-record TIME, --wait.",
                "--time-per-record|'--time-per-record' is no argument or has no value. Valid arguments: --time-per-record TIME, --wait.",
                "--time-per-record soon|'--time-per-record' is 'soon', but it must be a time, such as '2 ms'."
            })
    void badArgumentIsRejectedInOneLine(String line, String problem) {
        assertThatThrownBy(() -> SlowStepArguments.parse(line.split(" ", -1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot start the job with a slow step: " + problem);
    }
}
