package io.sluice.runtime.rest;

import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.blob.TransientBlobService;
import org.apache.flink.runtime.dispatcher.DispatcherGateway;
import org.apache.flink.runtime.dispatcher.DispatcherRestEndpoint;
import org.apache.flink.runtime.leaderelection.LeaderElection;
import org.apache.flink.runtime.resourcemanager.ResourceManagerGateway;
import org.apache.flink.runtime.rest.RestEndpointFactory;
import org.apache.flink.runtime.rest.handler.RestHandlerConfiguration;
import org.apache.flink.runtime.rest.handler.RestHandlerSpecification;
import org.apache.flink.runtime.rest.handler.legacy.ExecutionGraphCache;
import org.apache.flink.runtime.rest.handler.legacy.metrics.MetricFetcher;
import org.apache.flink.runtime.rpc.FatalErrorHandler;
import org.apache.flink.runtime.rpc.RpcService;
import org.apache.flink.runtime.webmonitor.retriever.LeaderGatewayRetriever;
import org.apache.flink.util.ConfigurationException;

import org.apache.flink.shaded.netty4.io.netty.channel.ChannelInboundHandler;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;

/** The REST endpoint of a session cluster with our routes beside Flink's. */
public final class SessionRestEndpoint extends DispatcherRestEndpoint {

    private final RpcService rpcService;
    private final ExecutionGraphCache graphs;

    private SessionRestEndpoint(
            RpcService rpcService,
            LeaderGatewayRetriever<DispatcherGateway> dispatchers,
            Configuration configuration,
            RestHandlerConfiguration restConfiguration,
            LeaderGatewayRetriever<ResourceManagerGateway> resourceManagers,
            TransientBlobService blobs,
            ScheduledExecutorService executor,
            MetricFetcher metricFetcher,
            LeaderElection leaderElection,
            ExecutionGraphCache graphs,
            FatalErrorHandler fatalErrorHandler)
            throws IOException, ConfigurationException {
        super(
                dispatchers,
                configuration,
                restConfiguration,
                resourceManagers,
                blobs,
                executor,
                metricFetcher,
                leaderElection,
                graphs,
                fatalErrorHandler);
        this.rpcService = rpcService;
        this.graphs = graphs;
    }

    /** Makes endpoints whose handlers reach extensions by {@code rpcService}. */
    public static RestEndpointFactory<DispatcherGateway> factory(Supplier<RpcService> rpcService) {
        return (configuration,
                dispatchers,
                resourceManagers,
                blobs,
                executor,
                metricFetcher,
                leaderElection,
                fatalErrorHandler) -> {
            RestHandlerConfiguration restConfiguration =
                    RestHandlerConfiguration.fromConfiguration(configuration);
            return new SessionRestEndpoint(
                    rpcService.get(),
                    dispatchers,
                    configuration,
                    restConfiguration,
                    resourceManagers,
                    blobs,
                    executor,
                    metricFetcher,
                    leaderElection,
                    RestEndpointFactory.createExecutionGraphCache(restConfiguration),
                    fatalErrorHandler);
        };
    }

    @Override
    protected List<Tuple2<RestHandlerSpecification, ChannelInboundHandler>> initializeHandlers(
            CompletableFuture<String> localAddress) {
        List<Tuple2<RestHandlerSpecification, ChannelInboundHandler>> handlers =
                super.initializeHandlers(localAddress);
        WebPages.install(restConfiguration.getWebUiDir());
        handlers.addAll(
                ExtensionRoutes.of(
                                leaderRetriever,
                                rpcService,
                                clusterConfiguration,
                                restConfiguration,
                                executor,
                                graphs,
                                responseHeaders)
                        .handlers());
        return handlers;
    }
}
