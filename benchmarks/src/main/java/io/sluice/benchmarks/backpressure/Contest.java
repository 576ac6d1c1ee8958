package io.sluice.benchmarks.backpressure;

import io.sluice.benchmarks.comparison.Claim;
import io.sluice.benchmarks.comparison.Comparison;
import io.sluice.benchmarks.comparison.Finding;
import io.sluice.benchmarks.comparison.Precision;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What is on on one side and off on the other. */
enum Contest {
    /** All that is tracked unless users ask for more. */
    OVERHEAD("sluice.backpressure.enabled"),

    /** What is tracked on demand, against what is tracked anyway. */
    EDGES("sluice.backpressure.edges");

    static final String MORE = "--rounds";

    private static final Claim ALMOST_NOTHING = Claim.atLeast("backpressure.overhead", "0.990");

    private final String option;

    Contest(String option) {
        this.option = option;
    }

    /** Returns the only difference between the sides. */
    Map<String, String> configuration(boolean on) {
        return Map.of(option, Boolean.toString(on));
    }

    String option() {
        return option;
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
