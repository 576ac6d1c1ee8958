package io.sluice.examples.wordcount;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.typeutils.PojoTypeInfo;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;

class RunningCountFunctionTest {

    private static KeyedOneInputStreamOperatorTestHarness<String, String, String> open(
            @Nullable OperatorSubtaskState state) throws Exception {
        KeyedOneInputStreamOperatorTestHarness<String, String, String> operator =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new KeyedProcessOperator<>(new RunningCountFunction(Duration.ofSeconds(1))),
                        word -> word,
                        Types.STRING);
        operator.setup();
        operator.setProcessingTime(400);
        if (state != null) {
            operator.initializeState(state);
        }
        operator.open();
        return operator;
    }

    private static void count(
            KeyedOneInputStreamOperatorTestHarness<String, String, String> operator,
            String... words)
            throws Exception {
        for (String word : words) {
            operator.processElement(word, 0);
        }
    }

    @Test
    void changedCountIsWrittenOncePerInterval() throws Exception {
        try (var operator = open(null)) {
            count(operator, "a", "b", "a", "a");
            operator.setProcessingTime(999);
            assertThat(operator.extractOutputValues()).isEmpty();

            operator.setProcessingTime(1_000);
            assertThat(operator.extractOutputValues()).containsExactlyInAnyOrder("a,3", "b,1");

            count(operator, "a");
            operator.setProcessingTime(5_000);
            assertThat(operator.extractOutputValues())
                    .containsExactlyInAnyOrder("a,3", "b,1", "a,4");
        }
    }

    @Test
    void endOfInputWritesWhatHasNotBeenWritten() throws Exception {
        try (var operator = open(null)) {
            count(operator, "a", "b");
            operator.setProcessingTime(1_000);
            count(operator, "b");

            operator.processWatermark(Long.MAX_VALUE);

            assertThat(operator.extractOutputValues())
                    .containsExactlyInAnyOrder("a,1", "b,1", "b,2");
        }
    }

    @Test
    void restoredCountGoesOn() throws Exception {
        OperatorSubtaskState state;
        try (var operator = open(null)) {
            count(operator, "a", "a");
            state = operator.snapshot(1, 1);
        }

        try (var operator = open(state)) {
            count(operator, "a");
            operator.setProcessingTime(1_000);

            assertThat(operator.extractOutputValues()).containsExactly("a,3");
        }
    }

    @Test
    void stateIsSerializedWithoutKryo() {
        assertThat(TypeInformation.of(RunningCount.class)).isInstanceOf(PojoTypeInfo.class);
    }
}
