package io.sluice.testkit.cluster;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class FreePortsTest {

    @Test
    void portsDifferAndCanBeBound() throws Exception {
        List<Integer> ports = FreePorts.pick(20);

        assertThat(ports).hasSize(20).doesNotHaveDuplicates();
        for (int port : ports) {
            try (ServerSocket socket =
                    new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                assertThat(socket.getLocalPort()).isEqualTo(port);
            }
        }
    }
}
