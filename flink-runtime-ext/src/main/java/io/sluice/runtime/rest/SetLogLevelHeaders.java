package io.sluice.runtime.rest;

import org.apache.flink.runtime.rest.HttpMethodWrapper;
import org.apache.flink.runtime.rest.messages.EmptyMessageParameters;
import org.apache.flink.runtime.rest.messages.RuntimeMessageHeaders;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

/** {@code PUT /log-levels}. */
public final class SetLogLevelHeaders
        implements RuntimeMessageHeaders<
                LogLevelRequestBody, LogLevelsBody, EmptyMessageParameters> {

    static final String URL = "/log-levels";

    @Override
    public Class<LogLevelRequestBody> getRequestClass() {
        return LogLevelRequestBody.class;
    }

    @Override
    public Class<LogLevelsBody> getResponseClass() {
        return LogLevelsBody.class;
    }

    @Override
    public HttpResponseStatus getResponseStatusCode() {
        return HttpResponseStatus.OK;
    }

    @Override
    public EmptyMessageParameters getUnresolvedMessageParameters() {
        return EmptyMessageParameters.getInstance();
    }

    @Override
    public HttpMethodWrapper getHttpMethod() {
        return HttpMethodWrapper.PUT;
    }

    @Override
    public String getTargetRestEndpointURL() {
        return URL;
    }

    @Override
    public String getDescription() {
        return "Gives a logger a level for a time, in all processes or some.";
    }

    @Override
    public String operationId() {
        return "setLogLevel";
    }
}
