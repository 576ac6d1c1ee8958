package io.sluice.runtime.rest;

import org.apache.flink.runtime.rest.messages.ResponseBody;
import org.apache.flink.sluice.rpc.LogLevel;
import org.apache.flink.sluice.rpc.LogLevelState;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonInclude;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonProperty;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.List;

/** The log levels that are wanted now, and who has them. */
public record LogLevelsBody(
        @JsonProperty("log-levels") List<Level> levels,
        @JsonProperty("processes") List<Target> processes)
        implements ResponseBody {

    /**
     * A level for a time.
     *
     * @param targets none for all processes
     * @param remainingMillis until it falls back
     */
    public record Level(
            @JsonProperty("logger") String logger,
            @JsonProperty("level") String level,
            @JsonProperty("targets") List<String> targets,
            @JsonProperty("expires-at") long expiresMillis,
            @JsonProperty("remaining") long remainingMillis) {

        private static Level of(LogLevel level, long nowMillis) {
            return new Level(
                    level.logger().isEmpty() ? LogLevelRequestBody.ROOT : level.logger(),
                    level.level(),
                    level.targets(),
                    level.expiresMillis(),
                    Math.max(0, level.expiresMillis() - nowMillis));
        }
    }

    /**
     * A JobManager or TaskManager.
     *
     * @param upToDate whether it has heard of all levels
     * @param problem why it cannot set levels
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Target(
            @JsonProperty("target") String target,
            @JsonProperty("up-to-date") boolean upToDate,
            @JsonProperty("problem") @Nullable String problem) {

        private static Target of(LogLevelState.Target process) {
            return new Target(process.target(), process.upToDate(), process.problem());
        }
    }

    static LogLevelsBody of(LogLevelState state, long nowMillis) {
        return new LogLevelsBody(
                state.levels().stream()
                        .map(level -> Level.of(level, nowMillis))
                        .sorted(
                                Comparator.comparing(Level::logger)
                                        .thenComparing(level -> level.targets().toString()))
                        .toList(),
                state.processes().stream().map(Target::of).toList());
    }
}
