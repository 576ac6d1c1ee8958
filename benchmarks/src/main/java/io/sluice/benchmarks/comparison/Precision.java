package io.sluice.benchmarks.comparison;

import java.math.BigDecimal;

/** How finely a ratio is told, and how well it must be known for that. */
public enum Precision {
    HUNDREDTHS(2, 0.10),

    /** For ratios that are meant to be next to 1. */
    THOUSANDTHS(3, 0.01);

    private final int decimals;
    private final double largestRelativeError;

    Precision(int decimals, double largestRelativeError) {
        this.decimals = decimals;
        this.largestRelativeError = largestRelativeError;
    }

    /** Returns that of a number as it is written. */
    static Precision of(BigDecimal number) {
        for (Precision precision : values()) {
            if (precision.decimals == number.scale()) {
                return precision;
            }
        }
        throw new IllegalArgumentException(
                "goal=%s: state hundredths or thousandths".formatted(number));
    }

    int decimals() {
        return decimals;
    }

    /** Above this part of the ratio, the ratio is not published. */
    double largestRelativeError() {
        return largestRelativeError;
    }
}
