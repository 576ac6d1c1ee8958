package io.sluice.runtime.rest;

import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.rest.messages.RequestBody;
import org.apache.flink.util.TimeUtils;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonCreator;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonProperty;

import io.sluice.runtime.checkpoint.StopWithCheckpoint;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;

/** How a job is to be stopped, as the user wrote it. */
public final class StopWithCheckpointRequestBody implements RequestBody {

    static final String MAX_AGE = "max-age";
    static final String EXPORT_DIRECTORY = "export-directory";

    /** So that every stop takes a checkpoint of its own unless it says otherwise. */
    static final Duration DEFAULT_MAX_AGE = Duration.ZERO;

    @JsonProperty(MAX_AGE)
    private final @Nullable String maxAge;

    @JsonProperty(EXPORT_DIRECTORY)
    private final @Nullable String exportDirectory;

    @JsonCreator
    public StopWithCheckpointRequestBody(
            @JsonProperty(MAX_AGE) @Nullable String maxAge,
            @JsonProperty(EXPORT_DIRECTORY) @Nullable String exportDirectory) {
        this.maxAge = maxAge;
        this.exportDirectory = exportDirectory;
    }

    /**
     * Returns the request.
     *
     * @throws IllegalArgumentException if it makes no sense; the message says what to change
     */
    StopWithCheckpoint.Request toRequest(JobID job) {
        return new StopWithCheckpoint.Request(job, parseMaxAge(), parseExportDirectory());
    }

    private Duration parseMaxAge() {
        if (maxAge == null) {
            return DEFAULT_MAX_AGE;
        }
        try {
            return TimeUtils.parseDuration(maxAge);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Field '%s' must be a duration, such as '30 s' or '5 min', not '%s'."
                            .formatted(MAX_AGE, maxAge),
                    e);
        }
    }

    private @Nullable String parseExportDirectory() {
        if (exportDirectory == null) {
            return null;
        }
        try {
            if (new URI(exportDirectory).getScheme() != null) {
                return exportDirectory;
            }
        } catch (URISyntaxException e) {
            // Told below.
        }
        throw new IllegalArgumentException(
                "Field '%s' must be a path with its scheme, such as 's3://bucket/exports' or 'file:///exports', not '%s'."
                        .formatted(EXPORT_DIRECTORY, exportDirectory));
    }
}
