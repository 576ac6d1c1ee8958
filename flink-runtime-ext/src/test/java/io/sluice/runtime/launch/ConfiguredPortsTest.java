package io.sluice.runtime.launch;

import org.apache.flink.configuration.Configuration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.ServerSocket;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ConfiguredPortsTest {

    private ServerSocket holder;

    @BeforeEach
    void takeAPort() throws Exception {
        holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void release() throws Exception {
        holder.close();
    }

    @ParameterizedTest
    @CsvSource({
        "JOBMANAGER, rest.port, JobManager",
        "JOBMANAGER, rest.bind-port, JobManager",
        "JOBMANAGER, jobmanager.rpc.port, JobManager",
        "STANDALONE_JOB, jobmanager.rpc.bind-port, JobManager",
        "TASKMANAGER, taskmanager.rpc.port, TaskManager",
        "TASKMANAGER, taskmanager.data.port, TaskManager",
        "HISTORYSERVER, historyserver.web.port, history server",
        "SQL_GATEWAY, sql-gateway.endpoint.rest.port, SQL gateway",
        "SQL_GATEWAY, sql-gateway.endpoint.rest.bind-port, SQL gateway"
    })
    void takenPortIsRefusedWithItsOption(ProcessKind kind, String option, String process) {
        Configuration configuration = onLoopback();
        configuration.setString(option, String.valueOf(holder.getLocalPort()));

        assertThatThrownBy(() -> ConfiguredPorts.requireFree(kind, configuration))
                .isInstanceOf(LaunchException.class)
                .hasMessage(
                        "Cannot start the %s: port %d ('%s') is in use on this host. Stop the process that holds it, or set '%s' to a free port."
                                .formatted(process, holder.getLocalPort(), option, option));
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "50200-50100", "65536"})
    void rangeThatIsNoneIsRefusedWithItsOption(String range) {
        Configuration configuration = onLoopback();
        configuration.setString("rest.bind-port", range);

        assertThatThrownBy(() -> ConfiguredPorts.requireFree(ProcessKind.JOBMANAGER, configuration))
                .isInstanceOf(LaunchException.class)
                .hasMessage(
                        "Cannot start the JobManager: 'rest.bind-port' is '%s', but must be a port or a range such as 50100-50200, from 0 to 65535."
                                .formatted(range));
    }

    @Test
    void oneFreePortOfARangeIsEnough() throws Exception {
        int free;
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = other.getLocalPort();
        }
        Configuration configuration = onLoopback();
        configuration.setString("rest.bind-port", holder.getLocalPort() + "," + free);

        assertThatCode(() -> ConfiguredPorts.requireFree(ProcessKind.JOBMANAGER, configuration))
                .doesNotThrowAnyException();
    }

    @Test
    void clientBindsNothing() {
        Configuration configuration = onLoopback();
        configuration.setString("rest.port", String.valueOf(holder.getLocalPort()));

        assertThatCode(() -> ConfiguredPorts.requireFree(ProcessKind.CLIENT, configuration))
                .doesNotThrowAnyException();
    }

    @Test
    void withHighAvailabilityTheRpcPortIsAnotherOption() {
        Configuration configuration = onLoopback();
        configuration.setString("high-availability.type", "zookeeper");
        configuration.setString("jobmanager.rpc.port", String.valueOf(holder.getLocalPort()));

        assertThatCode(() -> ConfiguredPorts.requireFree(ProcessKind.JOBMANAGER, configuration))
                .doesNotThrowAnyException();
    }

    /** Every port that a test does not set is any free one. */
    private static Configuration onLoopback() {
        Configuration configuration = new Configuration();
        configuration.setString("rest.bind-address", "localhost");
        configuration.setString("rest.port", "0");
        configuration.setString("jobmanager.bind-host", "localhost");
        configuration.setString("jobmanager.rpc.port", "0");
        configuration.setString("taskmanager.bind-host", "localhost");
        configuration.setString("historyserver.web.address", "localhost");
        configuration.setString("sql-gateway.endpoint.rest.bind-address", "localhost");
        return configuration;
    }
}
