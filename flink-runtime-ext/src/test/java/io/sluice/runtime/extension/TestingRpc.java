package io.sluice.runtime.extension;

import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalListener;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalService;
import org.apache.flink.runtime.rpc.MainThreadValidatorUtil;
import org.apache.flink.runtime.rpc.RpcEndpoint;
import org.apache.flink.runtime.rpc.RpcGateway;
import org.apache.flink.runtime.rpc.RpcServer;
import org.apache.flink.runtime.rpc.RpcService;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * An RPC service without threads: what an endpoint is to run, it runs on the spot, and what it is
 * to run later, never. Knows the gateways that it is given.
 */
final class TestingRpc {

    private final Map<String, RpcGateway> gateways = new HashMap<>();

    RpcService service() {
        return proxy(
                RpcService.class,
                (method, arguments) ->
                        switch (method) {
                            case "startServer" -> server((RpcEndpoint) arguments[0]);
                            case "connect" ->
                                    CompletableFuture.completedFuture(
                                            gateways.get((String) arguments[0]));
                            default -> throw new UnsupportedOperationException(method);
                        });
    }

    private static RpcServer server(RpcEndpoint endpoint) {
        return proxy(
                RpcServer.class,
                (method, arguments) -> {
                    switch (method) {
                        case "runAsync" -> ((Runnable) arguments[0]).run();
                        case "getAddress" -> {
                            return address(endpoint.getEndpointId());
                        }
                        default -> {
                            // Nothing is to come later.
                        }
                    }
                    return null;
                });
    }

    /** Starts an endpoint, as its own thread. */
    static void start(RpcEndpoint endpoint) throws Exception {
        MainThreadValidatorUtil mainThread = new MainThreadValidatorUtil(endpoint);
        mainThread.enterMainThread();
        try {
            endpoint.internalCallOnStart();
        } finally {
            mainThread.exitMainThread();
        }
    }

    static String address(String endpoint) {
        return "pekko.tcp://host:1/user/rpc/" + endpoint;
    }

    void add(String address, RpcGateway gateway) {
        gateways.put(address, gateway);
    }

    /** The process at {@code address} leads from the start on. */
    static LeaderRetrievalService leader(String address, UUID session) {
        return new LeaderRetrievalService() {
            @Override
            public void start(LeaderRetrievalListener listener) {
                listener.notifyLeaderAddress(address, session);
            }

            @Override
            public void stop() {}
        };
    }

    /** Returns a gateway that answers each call by its first argument. */
    static <T extends RpcGateway> T gateway(
            Class<T> type, Function<Object, CompletableFuture<?>> answer) {
        return proxy(type, (method, arguments) -> answer.apply(arguments[0]));
    }

    private interface Answering {
        @Nullable Object answer(String method, Object... arguments);
    }

    private static <T> T proxy(Class<T> type, Answering answering) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) ->
                                answering.answer(
                                        method.getName(),
                                        arguments == null ? new Object[0] : arguments)));
    }
}
