package io.sluice.runtime.rest;

import org.apache.flink.sluice.rpc.JobState;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonProperty;

import java.util.List;

/** A TaskManager that did not answer, and so is missing from the rest of the answer. */
public record SilentTaskManager(
        @JsonProperty("taskmanager-id") String taskManager, @JsonProperty("reason") String reason) {

    static List<SilentTaskManager> of(JobState state) {
        return of(state.silent());
    }

    static List<SilentTaskManager> of(List<JobState.Silent> silent) {
        return silent.stream()
                .map(one -> new SilentTaskManager(one.taskManager(), one.reason()))
                .toList();
    }
}
