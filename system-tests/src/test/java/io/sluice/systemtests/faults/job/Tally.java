package io.sluice.systemtests.faults.job;

/** How many numbers a key had, and their sum. */
record Tally(long count, long sum) {

    static final Tally NONE = new Tally(0, 0);

    Tally plus(long number) {
        return new Tally(count + 1, sum + number);
    }
}
