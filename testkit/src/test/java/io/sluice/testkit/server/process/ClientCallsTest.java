package io.sluice.testkit.server.process;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

class ClientCallsTest {

    private final BlockingQueue<String> queue = new ClientCalls<>(10);

    @AfterEach
    void forget() {
        ClientCalls.forget();
    }

    @Test
    void eachCallCountsOnceHoweverItComes() throws Exception {
        queue.put(call("ClientProtocol.create"));
        queue.add(call("ClientProtocol.getFileInfo"));
        assertThat(queue.offer(call("ClientProtocol.getFileInfo"))).isTrue();
        assertThat(queue.offer(call("ClientProtocol.complete"), 1, TimeUnit.SECONDS)).isTrue();

        assertThat(ClientCalls.counts())
                .containsOnly(
                        Map.entry("complete", 1L),
                        Map.entry("create", 1L),
                        Map.entry("getFileInfo", 2L));
        assertThat(queue).hasSize(4);
    }

    @Test
    void callsOfDataNodesDoNotCount() {
        queue.add(
                "Call#1 Retry#0 org.apache.hadoop.hdfs.server.protocol.DatanodeProtocol.sendHeartbeat from 127.0.0.1:1");

        assertThat(ClientCalls.counts()).isEmpty();
    }

    private static String call(String operation) {
        return "Call#7 Retry#0 org.apache.hadoop.hdfs.protocol.%s from localhost:4711 / 127.0.0.1:4711"
                .formatted(operation);
    }
}
