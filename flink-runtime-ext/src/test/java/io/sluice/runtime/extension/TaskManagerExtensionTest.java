package io.sluice.runtime.extension;

import org.apache.flink.sluice.rpc.DesiredState;
import org.apache.flink.sluice.rpc.ExtensionAddress;
import org.apache.flink.sluice.rpc.HeartbeatReply;
import org.apache.flink.sluice.rpc.JobManagerExtensionGateway;
import org.apache.flink.sluice.rpc.TaskManagerHeartbeat;

import io.sluice.runtime.migration.KeyedStates;
import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThat;

class TaskManagerExtensionTest {

    private static final UUID SESSION = new UUID(0, 1);
    private static final DesiredState DESIRED =
            new DesiredState(SESSION, new UUID(0, 2), 7, List.of(), List.of());

    private final TestingRpc rpc = new TestingRpc();
    private final Deque<HeartbeatReply> replies = new ArrayDeque<>();
    private final List<TaskManagerHeartbeat> heartbeats = new ArrayList<>();

    private final TaskManagerExtension taskManager =
            new TaskManagerExtension(
                    rpc.service(),
                    "tm-1",
                    TestingRpc.leader("pekko.tcp://jm:1/user/rpc/resourcemanager_0", SESSION),
                    KeyedStates.NONE);

    TaskManagerExtensionTest() {
        rpc.add(
                "pekko.tcp://jm:1/user/rpc/" + ExtensionAddress.JOB_MANAGER,
                TestingRpc.gateway(
                        JobManagerExtensionGateway.class,
                        heartbeat -> {
                            heartbeats.add((TaskManagerHeartbeat) heartbeat);
                            return CompletableFuture.completedFuture(
                                    replies.isEmpty()
                                            ? new HeartbeatReply(null, false)
                                            : replies.remove());
                        }));
    }

    @Test
    void heartbeatCarriesAllThatIsKnownOnlyIfItIsAskedForAndThenAtOnce() throws Exception {
        replies.add(new HeartbeatReply(DESIRED, true));

        TestingRpc.start(taskManager);

        assertThat(heartbeats)
                .extracting(TaskManagerHeartbeat::version)
                .containsExactly(null, DESIRED.version());
        assertThat(heartbeats)
                .extracting(TaskManagerHeartbeat::known)
                .containsExactly(null, DESIRED);
    }

    @Test
    void heartbeatIsNotRepeatedAtOnceForAJobManagerThatAsksAgainAndAgain() throws Exception {
        replies.add(new HeartbeatReply(DESIRED, true));
        replies.add(new HeartbeatReply(null, true));
        replies.add(new HeartbeatReply(null, true));

        TestingRpc.start(taskManager);

        assertThat(heartbeats).hasSize(2);
    }
}
