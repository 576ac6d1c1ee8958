package io.sluice.runtime.rest;

import org.apache.flink.runtime.rest.handler.HandlerRequest;
import org.apache.flink.runtime.rest.handler.RestHandlerException;
import org.apache.flink.runtime.rest.messages.EmptyMessageParameters;
import org.apache.flink.runtime.webmonitor.RestfulGateway;
import org.apache.flink.sluice.rpc.LogLevel;

import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;

import java.util.concurrent.CompletableFuture;

/** Sets a log level for a time; the TaskManagers hear of it after the answer. */
final class SetLogLevelHandler
        extends ExtensionHandler<LogLevelRequestBody, LogLevelsBody, EmptyMessageParameters> {

    SetLogLevelHandler(ExtensionRoutes routes) {
        super(routes, new SetLogLevelHeaders());
    }

    @Override
    protected CompletableFuture<LogLevelsBody> handleRequest(
            HandlerRequest<LogLevelRequestBody> request, RestfulGateway leader)
            throws RestHandlerException {
        LogLevel level =
                parsed(() -> request.getRequestBody().toLogLevel(System.currentTimeMillis()));
        return extension(leader)
                .thenCompose(
                        extension ->
                                extension
                                        .setLogLevel(level, timeout)
                                        .thenCompose(
                                                refusal -> {
                                                    if (refusal != null) {
                                                        throw failure(
                                                                HttpResponseStatus.NOT_FOUND,
                                                                refusal);
                                                    }
                                                    return extension.requestLogLevels(timeout);
                                                }))
                .thenApply(state -> LogLevelsBody.of(state, System.currentTimeMillis()));
    }
}
