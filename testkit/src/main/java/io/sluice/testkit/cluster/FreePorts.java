package io.sluice.testkit.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * Free TCP ports of the loopback address.
 *
 * <p>They are free when picked, not reserved: a process that takes one first wins, and the one that
 * came for it fails to start with the port in its message.
 */
public final class FreePorts {

    private FreePorts() {}

    /** Returns {@code count} different ports: all are held until the last one is known. */
    public static List<Integer> pick(int count) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot find %d free loopback ports: %d found.".formatted(count, held.size()),
                    e);
        } finally {
            held.forEach(FreePorts::release);
        }
    }

    private static void release(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot release port " + socket.getLocalPort(), e);
        }
    }
}
