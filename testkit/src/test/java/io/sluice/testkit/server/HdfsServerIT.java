package io.sluice.testkit.server;

import io.sluice.testkit.cluster.Sandbox;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Two clusters of one logical name. */
class HdfsServerIT {

    private static Sandbox sandbox;
    private static HdfsServer first;
    private static HdfsServer second;
    private static FileSystem filesOfFirst;
    private static FileSystem filesOfSecond;

    @BeforeAll
    static void start() throws Exception {
        sandbox = Sandbox.create();
        first =
                HdfsServer.builder(sandbox, "ns1")
                        .dataNodes(2)
                        .replication(2)
                        .hadoop("dfs.blocksize", "2m")
                        .start();
        second = HdfsServer.builder(sandbox, "ns1").start();
        filesOfFirst = client(first, "first");
        filesOfSecond = client(second, "second");
    }

    private static FileSystem client(HdfsServer server, String name) throws Exception {
        Configuration configuration =
                HdfsClient.configuration(server, sandbox.directory("client-" + name));
        return FileSystem.newInstance(server.logicalUri(), configuration);
    }

    @AfterAll
    static void stop() throws Exception {
        filesOfFirst.close();
        filesOfSecond.close();
        first.close();
        second.close();
        sandbox.close();
    }

    @Test
    void clustersOfOneNameHoldDifferentFiles() throws Exception {
        HdfsClient.write(filesOfFirst, "/file", "of the first");
        HdfsClient.write(filesOfSecond, "/file", "of the second");

        assertThat(filesOfFirst.getUri()).isEqualTo(filesOfSecond.getUri());
        assertThat(HdfsClient.read(filesOfFirst, "/file")).isEqualTo("of the first");
        assertThat(HdfsClient.read(filesOfSecond, "/file")).isEqualTo("of the second");
    }

    @Test
    void propertiesAndReplicationReachTheClient() throws Exception {
        HdfsClient.write(filesOfFirst, "/replicated", "content");

        var status = filesOfFirst.getFileStatus(new Path("/replicated"));
        assertThat(status.getReplication()).isEqualTo((short) 2);
        assertThat(status.getBlockSize()).isEqualTo(2 << 20);
        assertThat(filesOfFirst.getFileBlockLocations(status, 0, 1)[0].getNames()).hasSize(2);
    }

    @Test
    void addressOfTheNameNodeIsAnotherName() throws Exception {
        HdfsClient.write(filesOfSecond, "/by-address", "content");

        try (FileSystem byAddress = FileSystem.newInstance(second.uri(), new Configuration())) {
            assertThat(HdfsClient.read(byAddress, "/by-address")).isEqualTo("content");
        }
    }

    @Test
    void callsAreCountedByOperation() throws Exception {
        Map<String, Long> before = second.nameNodeCalls();

        for (int i = 0; i < 5; i++) {
            filesOfSecond.mkdirs(new Path("/counted"));
            filesOfSecond.exists(new Path("/counted"));
            filesOfSecond.exists(new Path("/not-there"));
        }
        filesOfSecond.rename(new Path("/counted"), new Path("/renamed"));

        Map<String, Long> after = second.nameNodeCalls();
        after.replaceAll((operation, count) -> count - before.getOrDefault(operation, 0L));
        after.values().removeIf(count -> count == 0);
        assertThat(after)
                .containsOnly(
                        Map.entry("mkdirs", 5L),
                        Map.entry("getFileInfo", 10L),
                        Map.entry("rename", 1L));
    }

    @Test
    void suspendedNameNodeAnswersOnceItGoesOn() throws Exception {
        second.suspend();
        CompletableFuture<Boolean> answer =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return filesOfSecond.exists(new Path("/"));
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        });
        assertThatThrownBy(() -> answer.get(300, TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class);
        second.resume();

        assertThat(answer.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void killedNameNodeRefusesConnections() throws Exception {
        try (HdfsServer killed = HdfsServer.builder(sandbox, "ns2").start()) {
            killed.kill();

            assertThat(killed.isAlive()).isFalse();
            assertThatThrownBy(
                            () ->
                                    new Socket(
                                            InetAddress.getLoopbackAddress(),
                                            killed.uri().getPort()))
                    .isInstanceOf(ConnectException.class);
        }
    }
}
