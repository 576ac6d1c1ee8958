package io.sluice.testkit.cluster;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.Stream;

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

    @Test
    void noPortIsGivenTwiceAndNoneIsOneThatTheSystemGivesToOthers() {
        List<Integer> ports =
                Stream.generate(() -> FreePorts.pick(10)).limit(50).flatMap(List::stream).toList();

        assertThat(ports).hasSize(500).doesNotHaveDuplicates();
        assertThat(ports).allSatisfy(port -> assertThat(port).isBetween(10_000, 31_999));
    }

    @Test
    void takenPortsAreNotGiven() throws Exception {
        int port = FreePorts.pick(1).get(0);
        try (ServerSocket holder = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(FreePorts.isFree(holder.getLocalPort())).isFalse();
        }
        assertThat(FreePorts.isFree(port)).isTrue();
    }
}
