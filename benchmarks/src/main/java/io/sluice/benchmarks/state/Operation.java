package io.sluice.benchmarks.state;

import io.sluice.benchmarks.backend.Subject;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * An operation that is measured.
 *
 * @param kind of state
 * @param method of the class for that kind
 */
record Operation(Tier tier, String kind, String method) {

    /** Where the state is, and so what ours is compared with. */
    enum Tier {
        HEAP(Subject.OURS_ON_HEAP, Subject.STOCK_HEAP, 500_000),
        DISK(Subject.OURS_ON_DISK, Subject.STOCK_DISK, 100_000);

        private final Subject ours;
        private final Subject stock;
        private final int keys;

        Tier(Subject ours, Subject stock, int keys) {
            this.ours = ours;
            this.stock = stock;
            this.keys = keys;
        }

        Subject ours() {
            return ours;
        }

        Subject stock() {
            return stock;
        }

        int keys() {
            return keys;
        }

        /** As in the names of operations. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final List<String> NAMES =
            List.of(
                    "Value.get",
                    "Value.update",
                    "Value.add",
                    "List.get",
                    "List.add",
                    "List.update",
                    "Map.get",
                    "Map.contains",
                    "Map.put",
                    "Map.add",
                    "Map.iterate",
                    "Reducing.get",
                    "Reducing.add",
                    "Aggregating.get",
                    "Aggregating.add");

    static Stream<Operation> all() {
        return Arrays.stream(Tier.values())
                .flatMap(
                        tier ->
                                NAMES.stream()
                                        .map(name -> name.split("\\.", 2))
                                        .map(name -> new Operation(tier, name[0], name[1])));
    }

    String name() {
        return "%s.%s.%s".formatted(tier.label(), kind.toLowerCase(Locale.ROOT), method);
    }

    /** What JMH is to run. */
    String pattern() {
        return "^%s\\.%sOperations\\.%s$"
                .formatted(Operation.class.getPackageName().replace(".", "\\."), kind, method);
    }
}
