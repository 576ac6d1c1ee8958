package io.sluice.benchmarks.survival;

import io.sluice.benchmarks.survival.Course.Reading;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CourseTest {

    private final Course course =
            new Course(10_000, List.of(new Reading(12_000, 1_000), new Reading(13_000, 3_000)));

    @Test
    void timeBetweenTwoReadingsIsInProportion() {
        assertThat(course.timeOf(1_500)).isEqualTo(Duration.ofMillis(2_250));
        assertThat(course.timeOf(3_000)).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void timeBeforeTheFirstReadingIsInProportionSinceTheStart() {
        assertThat(course.timeOf(500)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void moreRecordsThanThereWereHaveNoTime() {
        assertThatThrownBy(() -> course.timeOf(3_001))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("records=3001: there were only 3000");
    }

    @Test
    void withoutReadingsThereWereNoRecords() {
        assertThat(new Course(10_000, List.of()).records()).isZero();
    }
}
