package io.sluice.state.adaptive;

import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.core.execution.SavepointFormatType;
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
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend.PriorityQueueStateType;
import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend;

import io.sluice.state.adaptive.placement.Tier;
import io.sluice.state.adaptive.snapshot.RestoredState;
import io.sluice.state.adaptive.store.AdaptiveKeyedStateBackend;

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

    private final HashMapStateBackend heap;
    private final EmbeddedRocksDBStateBackend disk;
    private final SerializableTiers initialTiers;

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
    }

    private AdaptiveStateBackend(
            AdaptiveStateBackend original, ReadableConfig config, ClassLoader classLoader) {
        this.heap = original.heap.configure(config, classLoader);
        this.disk = original.disk.configure(config, classLoader);
        this.initialTiers = original.initialTiers;
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
        RestoredState restored =
                RestoredState.of(
                        parameters.getStateHandles(), range, AdaptiveStateBackend::canonicalTier);
        HeapKeyedStateBackend<K> onHeap =
                (HeapKeyedStateBackend<K>)
                        heap.createKeyedStateBackend(with(parameters, restored.heap()));
        try {
            RocksDBKeyedStateBackend<K> onDisk = createDisk(parameters, restored);
            return new AdaptiveKeyedStateBackend<>(
                    new AdaptiveKeyedStateBackend.Context<>(
                            parameters.getOperatorIdentifier(),
                            parameters.getKvStateRegistry(),
                            onHeap.getKeySerializer(),
                            parameters.getEnv().getUserCodeClassLoader().asClassLoader(),
                            parameters.getEnv().getExecutionConfig(),
                            parameters.getTtlTimeProvider(),
                            latencyTrackingConfigBuilder
                                    .setMetricGroup(parameters.getMetricGroup())
                                    .build(),
                            sizeTrackingConfigBuilder
                                    .setMetricGroup(parameters.getMetricGroup())
                                    .build(),
                            parameters.getCancelStreamRegistry()),
                    onHeap,
                    onDisk,
                    restored,
                    targets(range, restored));
        } catch (IOException | RuntimeException e) {
            onHeap.dispose();
            throw e;
        }
    }

    private <K> RocksDBKeyedStateBackend<K> createDisk(
            KeyedStateBackendParameters<K> parameters, RestoredState restored) throws IOException {
        // The timers of a restored savepoint must be where AdaptiveKeyedStateBackend looks for
        // them.
        disk.setPriorityQueueStateType(PriorityQueueStateType.ROCKSDB);
        return (RocksDBKeyedStateBackend<K>)
                disk.createKeyedStateBackend(with(parameters, restored.disk()));
    }

    private Tier[] targets(KeyGroupRange range, RestoredState restored) {
        Tier[] targets = new Tier[range.getNumberOfKeyGroups()];
        for (int keyGroup : range) {
            targets[keyGroup - range.getStartKeyGroup()] =
                    restored.target(keyGroup, initialTiers.apply(keyGroup));
        }
        return targets;
    }

    private static Tier canonicalTier(KeyGroupsSavepointStateHandle savepoint) {
        return Tier.DISK;
    }

    private static <K> KeyedStateBackendParameters<K> with(
            KeyedStateBackendParameters<K> parameters, List<KeyedStateHandle> handles) {
        Collection<KeyedStateHandle> part = handles;
        return new KeyedStateBackendParametersImpl<>(parameters).setStateHandles(part);
    }
}
