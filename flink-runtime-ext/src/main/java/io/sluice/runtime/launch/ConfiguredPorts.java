package io.sluice.runtime.launch;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.HistoryServerOptions;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.NettyShuffleEnvironmentOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.jobmanager.HighAvailabilityMode;
import org.apache.flink.util.NetUtils;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.Iterator;
import java.util.List;

import static org.apache.flink.configuration.ConfigOptions.key;

/**
 * The ports that a process is configured to bind. Checked before the start, because a JVM that
 * finds its port taken says so seconds later and only in its log.
 *
 * <p>A port may be taken between this check and the start; then the process itself fails, as it
 * would have without the check.
 */
final class ConfiguredPorts {

    /**
     * @param option where the port comes from
     * @param range a port, or ranges and lists of them as Flink reads them
     * @param address to bind, null for all
     */
    private record Port(ConfigOption<?> option, String range, @Nullable String address) {}

    /* As in Flink's SqlGatewayRestOptions, whose jar the launch planner does without. */
    private static final ConfigOption<String> SQL_GATEWAY_BIND_ADDRESS =
            key("sql-gateway.endpoint.rest.bind-address").stringType().noDefaultValue();

    private static final ConfigOption<String> SQL_GATEWAY_BIND_PORT =
            key("sql-gateway.endpoint.rest.bind-port").stringType().noDefaultValue();

    private static final ConfigOption<Integer> SQL_GATEWAY_PORT =
            key("sql-gateway.endpoint.rest.port").intType().defaultValue(8083);

    private static final int FIRST_PORT_OF_USERS = 1024;

    private ConfiguredPorts() {}

    /**
     * @throws LaunchException if no port of one of the options can be bound
     */
    static void requireFree(ProcessKind kind, Configuration configuration) {
        for (Port port : of(kind, configuration)) {
            requireFree(kind, port);
        }
    }

    private static List<Port> of(ProcessKind kind, Configuration configuration) {
        return switch (kind) {
            case JOBMANAGER, STANDALONE_JOB -> ofJobManager(configuration);
            case TASKMANAGER -> ofTaskManager(configuration);
            case HISTORYSERVER ->
                    List.of(
                            firstSet(
                                    configuration,
                                    configuration.get(
                                            HistoryServerOptions.HISTORY_SERVER_WEB_ADDRESS),
                                    HistoryServerOptions.HISTORY_SERVER_WEB_PORT));
            case SQL_GATEWAY ->
                    List.of(
                            firstSet(
                                    configuration,
                                    configuration.get(SQL_GATEWAY_BIND_ADDRESS),
                                    SQL_GATEWAY_BIND_PORT,
                                    SQL_GATEWAY_PORT));
            // A pod has its ports to itself, and a client binds none.
            case KUBERNETES_SESSION,
                            KUBERNETES_APPLICATION,
                            KUBERNETES_TASKMANAGER,
                            SQL_CLIENT,
                            KUBERNETES_CLIENT,
                            CLIENT ->
                    List.of();
        };
    }

    private static List<Port> ofJobManager(Configuration configuration) {
        return List.of(
                firstSet(
                        configuration,
                        configuration.get(RestOptions.BIND_ADDRESS),
                        RestOptions.BIND_PORT,
                        RestOptions.PORT),
                jobManagerRpc(configuration));
    }

    private static List<Port> ofTaskManager(Configuration configuration) {
        String address = configuration.get(TaskManagerOptions.BIND_HOST);
        return List.of(
                firstSet(
                        configuration,
                        address,
                        TaskManagerOptions.RPC_BIND_PORT,
                        TaskManagerOptions.RPC_PORT),
                firstSet(
                        configuration,
                        address,
                        NettyShuffleEnvironmentOptions.DATA_BIND_PORT,
                        NettyShuffleEnvironmentOptions.DATA_PORT));
    }

    private static Port jobManagerRpc(Configuration configuration) {
        String address = configuration.get(JobManagerOptions.BIND_HOST);
        return HighAvailabilityMode.isHighAvailabilityModeActivated(configuration)
                ? firstSet(
                        configuration, address, HighAvailabilityOptions.HA_JOB_MANAGER_PORT_RANGE)
                : firstSet(
                        configuration,
                        address,
                        JobManagerOptions.RPC_BIND_PORT,
                        JobManagerOptions.PORT);
    }

    private static Port firstSet(
            Configuration configuration, @Nullable String address, ConfigOption<?>... options) {
        for (ConfigOption<?> option : options) {
            if (configuration.containsKey(option.key())) {
                return new Port(option, String.valueOf(configuration.get(option)), address);
            }
        }
        ConfigOption<?> last = options[options.length - 1];
        return new Port(last, String.valueOf(configuration.get(last)), address);
    }

    private static void requireFree(ProcessKind kind, Port port) {
        Iterator<Integer> candidates = candidates(kind, port);
        while (candidates.hasNext()) {
            int candidate = candidates.next();
            if (candidate == 0 || isFree(candidate, port.address())) {
                return;
            }
        }
        throw new LaunchException(
                "Cannot start the %s: port %s ('%s') is in use on this host. Stop the process that holds it, or set '%s' to a free port."
                        .formatted(
                                kind.displayName(),
                                port.range(),
                                port.option().key(),
                                port.option().key()));
    }

    private static Iterator<Integer> candidates(ProcessKind kind, Port port) {
        try {
            return NetUtils.getPortRangeFromString(port.range());
        } catch (IllegalArgumentException | IllegalConfigurationException e) {
            throw new LaunchException(
                    "Cannot start the %s: '%s' is '%s', but must be a port or a range such as 50100-50200, from 0 to 65535."
                            .formatted(kind.displayName(), port.option().key(), port.range()));
        }
    }

    private static boolean isFree(int port, @Nullable String address) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(socketAddress(address, port));
            return true;
        } catch (BindException e) {
            // Also thrown for an address that this host does not have, which Flink reports better,
            // and for a port of root's. The message tells, but in the language of the user.
            return port < FIRST_PORT_OF_USERS || !canBindAnyPort(address);
        } catch (IOException e) {
            // An unknown host, for one: not a taken port.
            return true;
        }
    }

    private static boolean canBindAnyPort(@Nullable String address) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(socketAddress(address, 0));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static InetSocketAddress socketAddress(@Nullable String address, int port)
            throws UnknownHostException {
        return address == null
                ? new InetSocketAddress(port)
                : new InetSocketAddress(InetAddress.getByName(address), port);
    }
}
