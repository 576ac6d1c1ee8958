package io.sluice.benchmarks.startup;

/** Who starts it. */
enum Side {
    OURS("ours"),
    STOCK_STYLE("stock-style");

    private final String label;

    Side(String label) {
        this.label = label;
    }

    @Override
    public String toString() {
        return label;
    }
}
