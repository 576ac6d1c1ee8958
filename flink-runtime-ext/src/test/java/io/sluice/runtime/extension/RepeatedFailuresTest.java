package io.sluice.runtime.extension;

import org.junit.jupiter.api.Test;

import java.util.stream.IntStream;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

class RepeatedFailuresTest {

    private final RepeatedFailures failures = new RepeatedFailures();

    @Test
    void failureIsNewOnceUntilItWorksAgain() {
        Stream<Boolean> first =
                IntStream.range(0, 3).mapToObj(i -> failures.isNew(noSpace("attempt " + i)));
        assertThat(first).containsExactly(true, false, false);

        failures.worked();

        assertThat(failures.isNew(noSpace("attempt 3"))).isTrue();
    }

    @Test
    void otherFailureIsNewToo() {
        boolean one = failures.isNew(noSpace(""));
        boolean other = failures.isNew(new IllegalArgumentException());
        boolean oneAgain = failures.isNew(noSpace(""));

        assertThat(one).isTrue();
        assertThat(other).isTrue();
        assertThat(oneAgain).isFalse();
    }

    private static IllegalStateException noSpace(String message) {
        return new IllegalStateException(message);
    }
}
