package io.sluice.runtime.rest;

import org.apache.flink.runtime.rest.HttpMethodWrapper;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.TriggerIdPathParameter;
import org.apache.flink.runtime.rest.messages.job.savepoints.SavepointStatusMessageParameters;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

/** {@code GET /jobs/:jobid/state-migrations/:triggerid}. */
public final class StateMigrationStatusHeaders
        extends ExtensionHeaders<
                EmptyRequestBody, StateMigrationBody, SavepointStatusMessageParameters> {

    private static final String URL =
            StateMigrationTriggerHeaders.URL + "/:" + TriggerIdPathParameter.KEY;

    public StateMigrationStatusHeaders() {
        super(
                HttpMethodWrapper.GET,
                URL,
                EmptyRequestBody.class,
                StateMigrationBody.class,
                HttpResponseStatus.OK,
                SavepointStatusMessageParameters::new,
                "Returns how far a migration of keyed state is, subtask by subtask.");
    }
}
