package io.sluice.runtime.rest;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.rest.messages.RequestBody;
import org.apache.flink.runtime.rest.messages.TriggerId;
import org.apache.flink.sluice.rpc.StateMigration;
import org.apache.flink.sluice.rpc.StateMigration.Target;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonCreator;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonProperty;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** What is to be moved, as the user wrote it. */
public final class StateMigrationRequestBody implements RequestBody {

    static final String TARGET = "target";
    static final String VERTICES = "vertices";
    static final String TASK_MANAGERS = "taskmanagers";
    static final String SHARE = "share";
    static final String PACE = "pace";

    /** The default of {@code state.backend.adaptive.move.share}. */
    static final double DEFAULT_PACE = 0.1;

    @JsonProperty(TARGET)
    private final @Nullable String target;

    @JsonProperty(VERTICES)
    private final @Nullable List<String> vertices;

    @JsonProperty(TASK_MANAGERS)
    private final @Nullable List<String> taskManagers;

    @JsonProperty(SHARE)
    private final @Nullable Double share;

    @JsonProperty(PACE)
    private final @Nullable Double pace;

    @JsonCreator
    public StateMigrationRequestBody(
            @JsonProperty(TARGET) @Nullable String target,
            @JsonProperty(VERTICES) @Nullable List<String> vertices,
            @JsonProperty(TASK_MANAGERS) @Nullable List<String> taskManagers,
            @JsonProperty(SHARE) @Nullable Double share,
            @JsonProperty(PACE) @Nullable Double pace) {
        this.target = target;
        this.vertices = vertices;
        this.taskManagers = taskManagers;
        this.share = share;
        this.pace = pace;
    }

    /**
     * Returns the request.
     *
     * @throws IllegalArgumentException if it makes no sense; the message says what to change
     */
    StateMigration toMigration(TriggerId trigger, JobID job) {
        return new StateMigration(
                trigger.toString(),
                job,
                0,
                parseTarget(),
                ids(VERTICES, vertices),
                ids(TASK_MANAGERS, taskManagers),
                share(SHARE, share, 1),
                share(PACE, pace, DEFAULT_PACE));
    }

    private Target parseTarget() {
        List<String> names =
                Arrays.stream(Target.values())
                        .map(value -> value.name().toLowerCase(Locale.ROOT))
                        .toList();
        String name = target == null ? "" : target.toLowerCase(Locale.ROOT);
        if (!names.contains(name)) {
            throw new IllegalArgumentException(
                    "Field '%s' must be one of %s%s."
                            .formatted(
                                    TARGET,
                                    String.join(", ", names),
                                    target == null ? "" : ", not '%s'".formatted(target)));
        }
        return Target.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private static List<String> ids(String field, @Nullable List<String> ids) {
        if (ids == null) {
            return List.of();
        }
        if (ids.isEmpty() || ids.stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException(
                    "Field '%s' must hold at least one id. Leave it out for all.".formatted(field));
        }
        return ids;
    }

    private static double share(String field, @Nullable Double value, double otherwise) {
        if (value == null) {
            return otherwise;
        }
        if (!(value > 0 && value <= 1)) {
            throw new IllegalArgumentException(
                    "Field '%s' must be above 0 and at most 1, not %s.".formatted(field, value));
        }
        return value;
    }
}
