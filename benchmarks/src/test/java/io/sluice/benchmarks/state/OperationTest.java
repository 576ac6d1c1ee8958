package io.sluice.benchmarks.state;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

class OperationTest {

    @Test
    void everyBenchmarkIsAnOperationInBothTiers() {
        List<String> benchmarks =
                Stream.of(
                                ValueOperations.class,
                                ListOperations.class,
                                MapOperations.class,
                                ReducingOperations.class,
                                AggregatingOperations.class)
                        .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                        .filter(method -> method.isAnnotationPresent(Benchmark.class))
                        .map(
                                method ->
                                        method.getDeclaringClass().getName()
                                                + "."
                                                + method.getName())
                        .toList();

        assertThat(benchmarks)
                .allSatisfy(
                        benchmark ->
                                assertThat(Operation.all())
                                        .filteredOn(
                                                operation ->
                                                        Pattern.matches(
                                                                operation.pattern(), benchmark))
                                        .hasSize(2));
        assertThat(Operation.all()).hasSize(2 * benchmarks.size());
    }

    @Test
    void nameIsTierKindAndMethod() {
        assertThat(Operation.all().map(Operation::name))
                .startsWith("heap.value.get")
                .endsWith("disk.aggregating.add");
    }
}
