package io.sluice.runtime.entrypoint;

import org.apache.flink.client.deployment.application.ApplicationDispatcherLeaderProcessFactoryFactory;
import org.apache.flink.client.program.PackagedProgram;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.failure.FailureEnricher;
import org.apache.flink.runtime.blob.BlobServer;
import org.apache.flink.runtime.clusterframework.types.ResourceID;
import org.apache.flink.runtime.dispatcher.ArchivedApplicationStore;
import org.apache.flink.runtime.dispatcher.DispatcherGateway;
import org.apache.flink.runtime.dispatcher.DispatcherId;
import org.apache.flink.runtime.dispatcher.SessionDispatcherFactory;
import org.apache.flink.runtime.dispatcher.runner.DefaultDispatcherRunnerFactory;
import org.apache.flink.runtime.dispatcher.runner.DispatcherRunnerFactory;
import org.apache.flink.runtime.entrypoint.component.DefaultDispatcherResourceManagerComponentFactory;
import org.apache.flink.runtime.entrypoint.component.DispatcherResourceManagerComponent;
import org.apache.flink.runtime.heartbeat.HeartbeatServices;
import org.apache.flink.runtime.highavailability.HighAvailabilityServices;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalService;
import org.apache.flink.runtime.metrics.MetricRegistry;
import org.apache.flink.runtime.resourcemanager.ResourceManagerFactory;
import org.apache.flink.runtime.rest.RestEndpointFactory;
import org.apache.flink.runtime.rpc.FatalErrorHandler;
import org.apache.flink.runtime.rpc.RpcService;
import org.apache.flink.runtime.security.token.DelegationTokenManager;
import org.apache.flink.runtime.webmonitor.retriever.MetricQueryServiceRetriever;
import org.apache.flink.runtime.webmonitor.retriever.impl.RpcGatewayRetriever;
import org.apache.flink.util.concurrent.FixedRetryStrategy;

import io.sluice.runtime.backpressure.history.HistorySettings;
import io.sluice.runtime.extension.JobManagerExtension;
import io.sluice.runtime.rest.ApplicationRestEndpoint;
import io.sluice.runtime.rest.SessionRestEndpoint;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Flink's components of a JobManager, with our REST endpoint instead of Flink's, which it extends,
 * and our RPC endpoint beside them.
 */
final class ExtendedComponents extends DefaultDispatcherResourceManagerComponentFactory {

    private static final int RETRIES = 12;
    private static final Duration RETRY_DELAY = Duration.ofMillis(50);

    private final AtomicReference<RpcService> rpcService;

    private ExtendedComponents(
            DispatcherRunnerFactory dispatchers,
            ResourceManagerFactory<?> resourceManagers,
            RestEndpointFactory<?> restEndpoints,
            AtomicReference<RpcService> rpcService) {
        super(dispatchers, resourceManagers, restEndpoints);
        this.rpcService = rpcService;
    }

    static ExtendedComponents ofSession(ResourceManagerFactory<?> resourceManagers) {
        AtomicReference<RpcService> rpcService = new AtomicReference<>();
        return new ExtendedComponents(
                DefaultDispatcherRunnerFactory.createSessionRunner(
                        SessionDispatcherFactory.INSTANCE),
                resourceManagers,
                SessionRestEndpoint.factory(made(rpcService)),
                rpcService);
    }

    static ExtendedComponents ofApplication(
            Configuration configuration,
            PackagedProgram program,
            ResourceManagerFactory<?> resourceManagers) {
        AtomicReference<RpcService> rpcService = new AtomicReference<>();
        return new ExtendedComponents(
                new DefaultDispatcherRunnerFactory(
                        ApplicationDispatcherLeaderProcessFactoryFactory.create(
                                configuration, SessionDispatcherFactory.INSTANCE, program)),
                resourceManagers,
                ApplicationRestEndpoint.factory(made(rpcService)),
                rpcService);
    }

    /** {@link #create} sets it before it makes the REST endpoint. */
    private static Supplier<RpcService> made(AtomicReference<RpcService> rpcService) {
        return () -> {
            RpcService service = rpcService.get();
            if (service == null) {
                throw new IllegalStateException("The JobManager has no RPC service yet.");
            }
            return service;
        };
    }

    @Override
    public DispatcherResourceManagerComponent create(
            Configuration configuration,
            ResourceID resourceId,
            Executor ioExecutor,
            RpcService service,
            HighAvailabilityServices highAvailability,
            BlobServer blobServer,
            HeartbeatServices heartbeats,
            DelegationTokenManager delegationTokens,
            MetricRegistry metrics,
            ArchivedApplicationStore applications,
            MetricQueryServiceRetriever metricQueries,
            Collection<FailureEnricher> failureEnrichers,
            FatalErrorHandler fatalErrors)
            throws Exception {
        rpcService.set(service);
        startExtension(configuration, service, highAvailability, ioExecutor);
        return super.create(
                configuration,
                resourceId,
                ioExecutor,
                service,
                highAvailability,
                blobServer,
                heartbeats,
                delegationTokens,
                metrics,
                applications,
                metricQueries,
                failureEnrichers,
                fatalErrors);
    }

    /** Ends with the RPC service. */
    private static void startExtension(
            Configuration configuration,
            RpcService service,
            HighAvailabilityServices highAvailability,
            Executor ioExecutor)
            throws Exception {
        RpcGatewayRetriever<DispatcherId, DispatcherGateway> dispatchers =
                new RpcGatewayRetriever<>(
                        service,
                        DispatcherGateway.class,
                        DispatcherId::fromUuid,
                        new FixedRetryStrategy(RETRIES, RETRY_DELAY));
        LeaderRetrievalService dispatcherLeaders = highAvailability.getDispatcherLeaderRetriever();
        dispatcherLeaders.start(dispatchers);
        new JobManagerExtension(
                        service,
                        highAvailability.getResourceManagerLeaderRetriever(),
                        HistorySettings.of(configuration),
                        dispatchers,
                        dispatcherLeaders,
                        ioExecutor)
                .start();
    }
}
