package io.sluice.benchmarks.backend;

import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.runtime.metrics.groups.UnregisteredMetricGroups;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.query.KvStateRegistry;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.CheckpointableKeyedStateBackend;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyedStateBackendParametersImpl;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;
import org.apache.flink.streaming.runtime.tasks.StreamTaskActionExecutor;
import org.apache.flink.streaming.runtime.tasks.mailbox.MailboxExecutorImpl;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailboxImpl;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A keyed state backend as a task has it, but without the task: the thread that opens it takes the
 * place of the task thread, and runs the mails. Keys are {@link Long}s in 128 key groups.
 */
public final class OpenBackend implements AutoCloseable {

    private static final int KEY_GROUPS = 128;
    private static final int ANY_PRIORITY = -1;

    private final TaskMailboxImpl mailbox = new TaskMailboxImpl(Thread.currentThread());
    private final CloseableRegistry cancelStreamRegistry = new CloseableRegistry();
    private final MockEnvironment environment;
    private final AbstractKeyedStateBackend<Long> backend;

    /**
     * Opens a backend without entries.
     *
     * @param config of RocksDB
     * @param temporary made if it is missing
     */
    public OpenBackend(Subject subject, Configuration config, Path temporary) throws Exception {
        Files.createDirectories(temporary);
        JobID job = new JobID();
        environment =
                MockEnvironment.builder()
                        .setTaskName("benchmark")
                        .setJobID(job)
                        .setMaxParallelism(KEY_GROUPS)
                        .setTaskManagerRuntimeInfo(
                                new LocalTaskManager(new Configuration(config), temporary))
                        .build();
        environment.setMainMailboxExecutor(
                new MailboxExecutorImpl(mailbox, 0, StreamTaskActionExecutor.IMMEDIATE));
        CheckpointableKeyedStateBackend<Long> created =
                subject.newBackend(config)
                        .createKeyedStateBackend(
                                new KeyedStateBackendParametersImpl<>(
                                        environment,
                                        job,
                                        "benchmark",
                                        LongSerializer.INSTANCE,
                                        KEY_GROUPS,
                                        KeyGroupRange.of(0, KEY_GROUPS - 1),
                                        new KvStateRegistry()
                                                .createTaskRegistry(
                                                        job, environment.getJobVertexId()),
                                        TtlTimeProvider.DEFAULT,
                                        UnregisteredMetricGroups
                                                .createUnregisteredOperatorMetricGroup(),
                                        List.of(),
                                        cancelStreamRegistry));
        backend = (AbstractKeyedStateBackend<Long>) created;
    }

    public AbstractKeyedStateBackend<Long> backend() {
        return backend;
    }

    public <S extends State> S state(StateDescriptor<S, ?> descriptor) throws Exception {
        descriptor.initializeSerializerUnlessSet(environment.getExecutionConfig());
        return backend.getPartitionedState(
                VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor);
    }

    /** Waits for the next mail and runs it. */
    public void runMail() throws Exception {
        mailbox.take(ANY_PRIORITY).run();
    }

    @Override
    public void close() throws Exception {
        backend.dispose();
        cancelStreamRegistry.close();
        mailbox.close();
        environment.close();
    }
}
