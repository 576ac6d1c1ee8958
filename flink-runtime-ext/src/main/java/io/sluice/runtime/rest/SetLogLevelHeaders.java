package io.sluice.runtime.rest;

import org.apache.flink.runtime.rest.HttpMethodWrapper;
import org.apache.flink.runtime.rest.messages.EmptyMessageParameters;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

/** {@code PUT /log-levels}. */
public final class SetLogLevelHeaders
        extends ExtensionHeaders<LogLevelRequestBody, LogLevelsBody, EmptyMessageParameters> {

    public SetLogLevelHeaders() {
        super(
                HttpMethodWrapper.PUT,
                LogLevelsHeaders.URL,
                LogLevelRequestBody.class,
                LogLevelsBody.class,
                HttpResponseStatus.OK,
                EmptyMessageParameters::getInstance,
                "Gives a logger a level for a time, in all processes or some.");
    }

    @Override
    public String operationId() {
        return "setLogLevel";
    }
}
