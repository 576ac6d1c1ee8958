package io.sluice.runtime.rest;

import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.rest.handler.AbstractRestHandler;
import org.apache.flink.runtime.rest.handler.RestHandlerConfiguration;
import org.apache.flink.runtime.rest.handler.RestHandlerSpecification;
import org.apache.flink.runtime.rest.handler.legacy.ExecutionGraphCache;
import org.apache.flink.runtime.rpc.RpcService;
import org.apache.flink.runtime.webmonitor.RestfulGateway;
import org.apache.flink.runtime.webmonitor.retriever.GatewayRetriever;

import org.apache.flink.shaded.netty4.io.netty.channel.ChannelInboundHandler;

import io.sluice.runtime.checkpoint.StopWithCheckpoint;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/**
 * All routes of ours.
 *
 * @param leaders of the Dispatcher
 * @param timeout of a request
 * @param keepResults how long the result of an asynchronous operation is kept
 * @param io for what blocks
 * @param graphs of jobs, some seconds old at most
 * @param backpressure whether it is tracked
 */
record ExtensionRoutes(
        GatewayRetriever<? extends RestfulGateway> leaders,
        RpcService rpcService,
        Duration timeout,
        Duration keepResults,
        Executor io,
        ExecutionGraphCache graphs,
        TrackedBackpressure backpressure,
        Map<String, String> responseHeaders) {

    static ExtensionRoutes of(
            GatewayRetriever<? extends RestfulGateway> leaders,
            RpcService rpcService,
            Configuration configuration,
            RestHandlerConfiguration restConfiguration,
            Executor io,
            ExecutionGraphCache graphs,
            Map<String, String> responseHeaders) {
        return new ExtensionRoutes(
                leaders,
                rpcService,
                restConfiguration.getTimeout(),
                configuration.get(RestOptions.ASYNC_OPERATION_STORE_DURATION),
                io,
                graphs,
                TrackedBackpressure.in(configuration),
                responseHeaders);
    }

    List<Tuple2<RestHandlerSpecification, ChannelInboundHandler>> handlers() {
        Stops stops = new Stops(keepResults);
        return Stream.<AbstractRestHandler<?, ?, ?, ?>>of(
                        new StateMigrationTriggerHandler(this),
                        new StateMigrationStatusHandler(this),
                        new StateTiersHandler(this),
                        new SetLogLevelHandler(this),
                        new LogLevelsHandler(this),
                        new StopWithCheckpointTriggerHandler(
                                this,
                                new StopWithCheckpoint(timeout, io, System::currentTimeMillis),
                                stops),
                        new StopWithCheckpointStatusHandler(this, stops),
                        new BackpressureHandler(this),
                        new BackpressureHistoryHandler(this),
                        new BackpressureEpisodesHandler(this))
                .map(
                        handler ->
                                Tuple2.<RestHandlerSpecification, ChannelInboundHandler>of(
                                        handler.getMessageHeaders(), handler))
                .toList();
    }
}
