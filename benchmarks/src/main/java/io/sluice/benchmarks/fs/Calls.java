package io.sluice.benchmarks.fs;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Calls of a NameNode by operation.
 *
 * @param byOperation above zero each
 */
record Calls(Map<String, Long> byOperation) {

    /** Comes while files are open, once in 30 s or so, whatever else happens. */
    private static final String LEASE = "renewLease";

    Calls {
        byOperation = Map.copyOf(byOperation);
    }

    static Calls none() {
        return new Calls(Map.of());
    }

    /** Returns those that came after {@code earlier}. */
    Calls since(Calls earlier) {
        Map<String, Long> rest = new TreeMap<>(byOperation);
        earlier.byOperation.forEach((name, count) -> rest.merge(name, -count, Long::sum));
        rest.values().removeIf(count -> count == 0);
        return new Calls(rest);
    }

    Calls plus(Calls others) {
        Map<String, Long> sums = new TreeMap<>(byOperation);
        others.byOperation.forEach((name, count) -> sums.merge(name, count, Long::sum));
        return new Calls(sums);
    }

    long total() {
        return byOperation.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Returns what is caused by something that was done. */
    long caused() {
        return total() - byOperation.getOrDefault(LEASE, 0L);
    }

    /** For people: the operations with the most calls first, each for one of {@code times}. */
    String describe(int times) {
        return byOperation.entrySet().stream()
                .sorted(
                        Map.Entry.<String, Long>comparingByValue()
                                .reversed()
                                .thenComparing(Map.Entry.comparingByKey()))
                .map(
                        entry ->
                                "%s %.1f"
                                        .formatted(
                                                entry.getKey(), (double) entry.getValue() / times))
                .collect(Collectors.joining(", "));
    }
}
