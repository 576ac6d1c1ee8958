package io.sluice.testkit.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * Free TCP ports of the loopback address, below the range from which Linux gives a port to whoever
 * asks for any: no server that listens on port 0 and no outgoing connection takes one first.
 *
 * <p>A JVM gets each port once. Two JVMs may get the same one, with the probability of two throws
 * of a die with 22,000 faces.
 */
public final class FreePorts {

    private static final int FIRST = 10_000;
    private static final int EPHEMERAL = 32_000;
    private static final int TRIES = 1_000;

    private static final Set<Integer> GIVEN = new HashSet<>();

    private FreePorts() {}

    /** Returns {@code count} different ports that nobody listened on when asked. */
    public static synchronized List<Integer> pick(int count) {
        List<Integer> ports =
                Stream.generate(() -> ThreadLocalRandom.current().nextInt(FIRST, EPHEMERAL))
                        .limit(TRIES)
                        .filter(port -> !GIVEN.contains(port) && isFree(port))
                        .distinct()
                        .limit(count)
                        .toList();
        if (ports.size() < count) {
            throw new IllegalStateException(
                    "Cannot find %d free loopback ports from %d to %d: %d found in %d tries."
                            .formatted(count, FIRST, EPHEMERAL - 1, ports.size(), TRIES));
        }
        GIVEN.addAll(ports);
        return ports;
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
