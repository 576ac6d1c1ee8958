package io.sluice.runtime.rest;

import org.apache.flink.runtime.rest.HttpMethodWrapper;
import org.apache.flink.runtime.rest.messages.MessageParameters;
import org.apache.flink.runtime.rest.messages.RequestBody;
import org.apache.flink.runtime.rest.messages.ResponseBody;
import org.apache.flink.runtime.rest.messages.RuntimeMessageHeaders;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

import java.util.function.Supplier;

/** What each of our routes says of itself. */
abstract class ExtensionHeaders<
                R extends RequestBody, P extends ResponseBody, M extends MessageParameters>
        implements RuntimeMessageHeaders<R, P, M> {

    private final HttpMethodWrapper method;
    private final String url;
    private final Class<R> request;
    private final Class<P> response;
    private final HttpResponseStatus status;
    private final Supplier<M> parameters;
    private final String description;

    /**
     * @param status of an answer that is no failure
     * @param parameters makes unresolved ones
     */
    ExtensionHeaders(
            HttpMethodWrapper method,
            String url,
            Class<R> request,
            Class<P> response,
            HttpResponseStatus status,
            Supplier<M> parameters,
            String description) {
        this.method = method;
        this.url = url;
        this.request = request;
        this.response = response;
        this.status = status;
        this.parameters = parameters;
        this.description = description;
    }

    @Override
    public final Class<R> getRequestClass() {
        return request;
    }

    @Override
    public final Class<P> getResponseClass() {
        return response;
    }

    @Override
    public final HttpResponseStatus getResponseStatusCode() {
        return status;
    }

    @Override
    public final M getUnresolvedMessageParameters() {
        return parameters.get();
    }

    @Override
    public final HttpMethodWrapper getHttpMethod() {
        return method;
    }

    @Override
    public final String getTargetRestEndpointURL() {
        return url;
    }

    @Override
    public final String getDescription() {
        return description;
    }
}
