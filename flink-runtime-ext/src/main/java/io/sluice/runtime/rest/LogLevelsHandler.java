package io.sluice.runtime.rest;

import org.apache.flink.runtime.rest.handler.HandlerRequest;
import org.apache.flink.runtime.rest.messages.EmptyMessageParameters;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.webmonitor.RestfulGateway;

import java.util.concurrent.CompletableFuture;

/** Tells which log levels are set for a time. */
final class LogLevelsHandler
        extends ExtensionHandler<EmptyRequestBody, LogLevelsBody, EmptyMessageParameters> {

    LogLevelsHandler(ExtensionRoutes routes) {
        super(routes, new LogLevelsHeaders());
    }

    @Override
    protected CompletableFuture<LogLevelsBody> handleRequest(
            HandlerRequest<EmptyRequestBody> request, RestfulGateway leader) {
        return extension(leader)
                .thenCompose(extension -> extension.requestLogLevels(timeout))
                .thenApply(state -> LogLevelsBody.of(state, System.currentTimeMillis()));
    }
}
