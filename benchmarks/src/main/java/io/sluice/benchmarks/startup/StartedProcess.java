package io.sluice.benchmarks.startup;

import io.sluice.benchmarks.comparison.Claim;

import java.util.Locale;

/** What is started, and how fast that is meant to be. */
enum StartedProcess {
    /** Ready when the JobManager knows its slots. */
    TASKMANAGER("0.60"),
    /** Ready when its REST API gives an overview, for which it must be the leader. */
    JOBMANAGER("0.65");

    private final String goal;

    StartedProcess(String goal) {
        this.goal = goal;
    }

    /** The name that scripts use. */
    String scriptName() {
        return name().toLowerCase(Locale.ROOT);
    }

    Claim claim() {
        return Claim.atMost("startup." + scriptName(), goal);
    }
}
