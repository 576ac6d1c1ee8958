package io.sluice.runtime.rest;

import org.apache.flink.runtime.rest.HttpMethodWrapper;
import org.apache.flink.runtime.rest.messages.EmptyMessageParameters;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

/** {@code GET /log-levels}. */
public final class LogLevelsHeaders
        extends ExtensionHeaders<EmptyRequestBody, LogLevelsBody, EmptyMessageParameters> {

    static final String URL = "/log-levels";

    public LogLevelsHeaders() {
        super(
                HttpMethodWrapper.GET,
                URL,
                EmptyRequestBody.class,
                LogLevelsBody.class,
                HttpResponseStatus.OK,
                EmptyMessageParameters::getInstance,
                "Returns the log levels that are set for a time.");
    }

    @Override
    public String operationId() {
        return "getLogLevels";
    }
}
