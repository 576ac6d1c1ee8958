package io.sluice.state.adaptive;

import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.runtime.execution.Environment;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.AbstractManagedMemoryStateBackend;
import org.apache.flink.runtime.state.ConfigurableStateBackend;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupsSavepointStateHandle;
import org.apache.flink.runtime.state.KeyedStateBackendParametersImpl;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.OperatorStateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.runtime.taskmanager.TaskManagerRuntimeInfo;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend.PriorityQueueStateType;
import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend;

import io.sluice.state.adaptive.placement.Tier;
import io.sluice.state.adaptive.snapshot.RestoredState;
import io.sluice.state.adaptive.store.AdaptiveKeyedStateBackend;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Keeps keyed state on heap while there is room, and moves key groups to RocksDB and back while the
 * job runs. {@code state.backend.type: adaptive}.
 *
 * <p>Takes the options of both of Flink's backends, those of RocksDB among them.
 */
public final class AdaptiveStateBackend extends AbstractManagedMemoryStateBackend
        implements ConfigurableStateBackend {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(AdaptiveStateBackend.class);

    /** Of what a slot has of the heap, for a savepoint to be restored there. */
    private static final double SAVEPOINT_SHARE_OF_HEAP = 0.25;

    /** The size of objects as a multiple of their serialized form, on the safe side. */
    private static final double OBJECT_FACTOR = 4;

    private final HashMapStateBackend heap;
    private final EmbeddedRocksDBStateBackend disk;
    private final SerializableTiers initialTiers;
    private final AdaptiveStateSettings settings;

    /** The tier of each key group that nothing was restored for. */
    @FunctionalInterface
    interface SerializableTiers extends IntFunction<Tier>, java.io.Serializable {}

    /** A backend with default options, until {@link #configure} is called. */
    public AdaptiveStateBackend() {
        this(keyGroup -> Tier.HEAP);
    }

    AdaptiveStateBackend(SerializableTiers initialTiers) {
        this.heap = new HashMapStateBackend();
        this.disk = new EmbeddedRocksDBStateBackend();
        this.initialTiers = initialTiers;
        this.settings = AdaptiveStateSettings.from(new Configuration());
    }

    private AdaptiveStateBackend(
            AdaptiveStateBackend original, ReadableConfig config, ClassLoader classLoader) {
        this.heap = original.heap.configure(config, classLoader);
        this.disk = original.disk.configure(config, classLoader);
        this.initialTiers = original.initialTiers;
        this.settings = AdaptiveStateSettings.from(config);
        this.latencyTrackingConfigBuilder = original.latencyTrackingConfigBuilder.configure(config);
        this.sizeTrackingConfigBuilder = original.sizeTrackingConfigBuilder.configure(config);
    }

    @Override
    public AdaptiveStateBackend configure(ReadableConfig config, ClassLoader classLoader)
            throws IllegalConfigurationException {
        return new AdaptiveStateBackend(this, config, classLoader);
    }

    @Override
    public boolean supportsNoClaimRestoreMode() {
        return true;
    }

    @Override
    public boolean supportsSavepointFormat(SavepointFormatType formatType) {
        return true;
    }

    @Override
    public OperatorStateBackend createOperatorStateBackend(
            OperatorStateBackendParameters parameters) throws Exception {
        return heap.createOperatorStateBackend(parameters);
    }

    @Override
    public <K> AbstractKeyedStateBackend<K> createKeyedStateBackend(
            KeyedStateBackendParameters<K> parameters) throws IOException {
        KeyGroupRange range = parameters.getKeyGroupRange();
        Tier canonicalTier = canonicalTier(parameters);
        RestoredState restored =
                RestoredState.of(parameters.getStateHandles(), range, savepoint -> canonicalTier);
        HeapKeyedStateBackend<K> onHeap =
                (HeapKeyedStateBackend<K>)
                        heap.createKeyedStateBackend(with(parameters, restored.heap()));
        RocksDBKeyedStateBackend<K> onDisk = null;
        try {
            onDisk = createDisk(parameters, restored);
            AdaptiveKeyedStateBackend<K> both =
                    new AdaptiveKeyedStateBackend<>(
                            context(parameters, onHeap.getKeySerializer()),
                            onHeap,
                            onDisk,
                            restored,
                            targets(range, restored));
            manage(both, parameters);
            return both;
        } catch (IOException | RuntimeException e) {
            if (onDisk != null) {
                onDisk.dispose();
            }
            onHeap.dispose();
            throw e;
        }
    }

    private <K> AdaptiveKeyedStateBackend.Context<K> context(
            KeyedStateBackendParameters<K> parameters, TypeSerializer<K> keySerializer) {
        return new AdaptiveKeyedStateBackend.Context<>(
                parameters.getOperatorIdentifier(),
                parameters.getKvStateRegistry(),
                keySerializer,
                parameters.getEnv().getUserCodeClassLoader().asClassLoader(),
                parameters.getEnv().getExecutionConfig(),
                parameters.getTtlTimeProvider(),
                latencyTrackingConfigBuilder.setMetricGroup(parameters.getMetricGroup()).build(),
                sizeTrackingConfigBuilder.setMetricGroup(parameters.getMetricGroup()).build(),
                // Not that of the parameters, which Flink closes when all is restored.
                new CloseableRegistry());
    }

    private <K> void manage(
            AdaptiveKeyedStateBackend<K> backend, KeyedStateBackendParameters<K> parameters) {
        try {
            parameters.getEnv().getMainMailboxExecutor();
        } catch (UnsupportedOperationException e) {
            // Not a streaming task, for example the State Processor API: nothing can move.
            LOG.debug("{} has no mailbox: its state stays where it is.", backend);
            return;
        }
        backend.manage(
                parameters.getEnv(),
                parameters.getMetricGroup(),
                settings.mode(),
                settings.policy(),
                settings.budgetBytesPerSlot(),
                settings.moves());
    }

    private static int slots(Environment environment) {
        TaskManagerRuntimeInfo taskManager = environment.getTaskManagerInfo();
        return Math.max(1, taskManager.getConfiguration().get(TaskManagerOptions.NUM_TASK_SLOTS));
    }

    private <K> RocksDBKeyedStateBackend<K> createDisk(
            KeyedStateBackendParameters<K> parameters, RestoredState restored) throws IOException {
        // The timers of a restored savepoint must be where AdaptiveKeyedStateBackend looks for
        // them.
        disk.setPriorityQueueStateType(PriorityQueueStateType.ROCKSDB);
        disk.setRocksDBOptions(NoErrorRecovery.with(disk.getRocksDBOptions()));
        return (RocksDBKeyedStateBackend<K>)
                disk.createKeyedStateBackend(with(parameters, restored.disk()));
    }

    private Tier[] targets(KeyGroupRange range, RestoredState restored) {
        Tier[] targets = new Tier[range.getNumberOfKeyGroups()];
        for (int keyGroup : range) {
            targets[keyGroup - range.getStartKeyGroup()] =
                    switch (settings.mode()) {
                        case AUTO, MANUAL ->
                                restored.target(keyGroup, initialTiers.apply(keyGroup));
                        case PIN_HEAP -> Tier.HEAP;
                        case PIN_DISK -> Tier.DISK;
                    };
        }
        return targets;
    }

    /**
     * A canonical savepoint goes to the heap if there is room for it without doubt, and otherwise
     * to disk, from where it comes back as far as there is room.
     */
    private Tier canonicalTier(KeyedStateBackendParameters<?> parameters) {
        return switch (settings.mode()) {
            case PIN_HEAP -> Tier.HEAP;
            case PIN_DISK -> Tier.DISK;
            case AUTO, MANUAL -> {
                // All that one backend gets together, as after rescaling down.
                long bytes =
                        parameters.getStateHandles().stream()
                                .filter(KeyGroupsSavepointStateHandle.class::isInstance)
                                .mapToLong(KeyedStateHandle::getStateSize)
                                .sum();
                double room =
                        SAVEPOINT_SHARE_OF_HEAP
                                * Runtime.getRuntime().maxMemory()
                                / slots(parameters.getEnv());
                yield bytes * OBJECT_FACTOR < room ? Tier.HEAP : Tier.DISK;
            }
        };
    }

    private static <K> KeyedStateBackendParameters<K> with(
            KeyedStateBackendParameters<K> parameters, List<KeyedStateHandle> handles) {
        Collection<KeyedStateHandle> part = handles;
        return new KeyedStateBackendParametersImpl<>(parameters).setStateHandles(part);
    }
}
