package io.sluice.runtime.rest;

import org.apache.flink.runtime.rest.messages.RequestBody;
import org.apache.flink.sluice.rpc.LogLevel;
import org.apache.flink.util.TimeUtils;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonCreator;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonProperty;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Which log level is wanted, as the user wrote it. */
public final class LogLevelRequestBody implements RequestBody {

    static final String LOGGER = "logger";
    static final String LEVEL = "level";
    static final String TARGETS = "targets";
    static final String TIME_TO_LIVE = "ttl";

    /** The root logger's name for users. */
    static final String ROOT = "ROOT";

    /** Ends a level before its time. */
    static final String DEFAULT_LEVEL = "DEFAULT";

    static final Duration DEFAULT_TIME_TO_LIVE = Duration.ofMinutes(15);

    private static final Duration LONGEST_TIME_TO_LIVE = Duration.ofDays(365);

    private static final List<String> LEVELS =
            List.of("OFF", "FATAL", "ERROR", "WARN", "INFO", "DEBUG", "TRACE", "ALL");

    @JsonProperty(LOGGER)
    private final @Nullable String logger;

    @JsonProperty(LEVEL)
    private final @Nullable String level;

    @JsonProperty(TARGETS)
    private final @Nullable List<String> targets;

    @JsonProperty(TIME_TO_LIVE)
    private final @Nullable String timeToLive;

    @JsonCreator
    public LogLevelRequestBody(
            @JsonProperty(LOGGER) @Nullable String logger,
            @JsonProperty(LEVEL) @Nullable String level,
            @JsonProperty(TARGETS) @Nullable List<String> targets,
            @JsonProperty(TIME_TO_LIVE) @Nullable String timeToLive) {
        this.logger = logger;
        this.level = level;
        this.targets = targets;
        this.timeToLive = timeToLive;
    }

    /**
     * Returns the request.
     *
     * @param nowMillis since 1970
     * @throws IllegalArgumentException if it makes no sense; the message says what to change
     */
    LogLevel toLogLevel(long nowMillis) {
        String name = level == null ? "" : level.toUpperCase(Locale.ROOT);
        boolean ends = name.equals(DEFAULT_LEVEL);
        if (!ends && !LEVELS.contains(name)) {
            throw new IllegalArgumentException(
                    "Field '%s' must be one of %s, or %s to end a level before its time%s."
                            .formatted(
                                    LEVEL,
                                    String.join(", ", LEVELS),
                                    DEFAULT_LEVEL,
                                    level == null ? "" : ", not '%s'".formatted(level)));
        }
        Duration validFor = parseTimeToLive();
        return new LogLevel(
                parseLogger(), name, parseTargets(), 0, ends ? 0 : nowMillis + validFor.toMillis());
    }

    private String parseLogger() {
        if (logger == null || logger.isBlank()) {
            throw new IllegalArgumentException(
                    "Field '%s' must be the name of a logger, usually a class or package; %s is the root logger."
                            .formatted(LOGGER, ROOT));
        }
        return logger.equalsIgnoreCase(ROOT) ? "" : logger;
    }

    private List<String> parseTargets() {
        if (targets == null) {
            return List.of();
        }
        if (targets.isEmpty() || targets.stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException(
                    "Field '%s' must hold '%s' or ids of TaskManagers. Leave it out for all."
                            .formatted(TARGETS, LogLevel.JOB_MANAGER));
        }
        return targets;
    }

    private Duration parseTimeToLive() {
        if (timeToLive == null) {
            return DEFAULT_TIME_TO_LIVE;
        }
        String expected =
                "Field '%s' must be a duration from 1 s to 365 d, such as '15 min' or '2 h', not '%s'."
                        .formatted(TIME_TO_LIVE, timeToLive);
        Duration parsed;
        try {
            parsed = TimeUtils.parseDuration(timeToLive);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(expected, e);
        }
        if (parsed.toSeconds() < 1 || parsed.compareTo(LONGEST_TIME_TO_LIVE) > 0) {
            throw new IllegalArgumentException(expected);
        }
        return parsed;
    }
}
