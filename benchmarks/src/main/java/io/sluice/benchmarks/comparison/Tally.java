package io.sluice.benchmarks.comparison;

/**
 * What a benchmark is there to show: that something happens in each of its runs, or in none.
 *
 * @param name as in {@code survival.hashmap.died}
 * @param inAll whether it is meant to happen in all runs; otherwise in none
 */
public record Tally(String name, boolean inAll) {

    public boolean isMetBy(int count, int runs) {
        return runs > 0 && count == goal(runs);
    }

    public int goal(int runs) {
        return inAll ? runs : 0;
    }

    /** Returns the line for people and programs, with the number of runs in which it happened. */
    public String resultLine(int count, int runs) {
        return "RESULT %s count=%d/%d goal=%d/%d %s"
                .formatted(
                        name,
                        count,
                        runs,
                        goal(runs),
                        runs,
                        isMetBy(count, runs) ? "met" : "missed");
    }
}
