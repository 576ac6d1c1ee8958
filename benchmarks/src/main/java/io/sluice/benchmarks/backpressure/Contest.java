package io.sluice.benchmarks.backpressure;

import io.sluice.benchmarks.comparison.Claim;
import io.sluice.benchmarks.comparison.Comparison;
import io.sluice.benchmarks.comparison.Finding;
import io.sluice.benchmarks.comparison.Precision;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What is tracked, or not. */
enum Contest {
    /** All that is tracked unless users ask for more. */
    OVERHEAD(false),

    /** The same and each output by itself. */
    EDGES(true);

    static final String MORE = "--rounds";

    private static final Claim ALMOST_NOTHING = Claim.atLeast("backpressure.overhead", "0.990");

    private final boolean edges;

    Contest(boolean edges) {
        this.edges = edges;
    }

    Map<String, String> configuration() {
        return Map.of("sluice.backpressure.edges", Boolean.toString(edges));
    }

    /** As in RESULT lines. */
    String label() {
        return "backpressure." + name().toLowerCase(Locale.ROOT);
    }

    /** Returns the goal, if there is one. */
    Optional<Claim> claim() {
        return switch (this) {
            case OVERHEAD -> Optional.of(ALMOST_NOTHING);
            case EDGES -> Optional.empty();
        };
    }

    List<String> resultLines(Comparison ratio) {
        return claim().map(claim -> claim.resultLines(ratio, MORE))
                .orElseGet(
                        () -> new Finding(label(), Precision.THOUSANDTHS).resultLines(ratio, MORE));
    }
}
