package io.sluice.state.adaptive.store;

import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.SnapshotType;
import org.apache.flink.runtime.execution.Environment;
import org.apache.flink.runtime.metrics.TimerGauge;
import org.apache.flink.runtime.query.TaskKvStateRegistry;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.runtime.state.KeyGroupedInternalPriorityQueue;
import org.apache.flink.runtime.state.Keyed;
import org.apache.flink.runtime.state.KeyedStateFunction;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.PriorityComparable;
import org.apache.flink.runtime.state.SavepointResources;
import org.apache.flink.runtime.state.SnapshotExecutionType;
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.StateSnapshotTransformer.StateSnapshotTransformFactory;
import org.apache.flink.runtime.state.heap.AbstractHeapState;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueElement;
import org.apache.flink.runtime.state.internal.InternalAggregatingState;
import org.apache.flink.runtime.state.internal.InternalKvState;
import org.apache.flink.runtime.state.internal.InternalReducingState;
import org.apache.flink.runtime.state.internal.InternalValueState;
import org.apache.flink.runtime.state.metrics.LatencyTrackingStateConfig;
import org.apache.flink.runtime.state.metrics.SizeTrackingStateConfig;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;
import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend;
import org.apache.flink.util.IOUtils;

import io.sluice.state.adaptive.control.StateCoordinator;
import io.sluice.state.adaptive.placement.BackendLoad;
import io.sluice.state.adaptive.placement.PlacementMode;
import io.sluice.state.adaptive.placement.PolicySettings;
import io.sluice.state.adaptive.placement.SlotBudget;
import io.sluice.state.adaptive.placement.Tier;
import io.sluice.state.adaptive.snapshot.Manifest;
import io.sluice.state.adaptive.snapshot.MergedSavepoint;
import io.sluice.state.adaptive.snapshot.RestoredState;
import io.sluice.state.adaptive.snapshot.TieredSnapshot;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.RunnableFuture;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keyed state of one subtask in two tiers: a heap backend and a RocksDB backend of Flink's own,
 * which share the current key.
 *
 * <p>Owned by the task thread, as every keyed state backend; moves run on it too. Long, because
 * Flink's interface is: what it does itself is to register states in both tiers, to add up what
 * both hold, and to cut snapshots of both at once.
 *
 * @param <K> key
 */
public final class AdaptiveKeyedStateBackend<K> extends AbstractKeyedStateBackend<K> {

    /** What {@link #getBackendTypeIdentifier} says, and the type of the backend in options. */
    public static final String TYPE = "adaptive";

    private final String name;
    private final HeapKeyedStateBackend<K> heap;
    private final RocksDBKeyedStateBackend<K> disk;
    private final DiskKey<K> diskKey;
    private final MoveOptions moveOptions = new MoveOptions();
    private final RestoredState restored;

    /** Where restored states are until the job asks for them: nothing moves them before. */
    private final Tier[] restoredIn;

    private final KeyGroupMoves moves;
    private final Map<String, TieredState<K, ?, ?, ?>> states = new LinkedHashMap<>();

    /** A view of {@link #states}. */
    private final Collection<TieredState<?, ?, ?, ?>> allStates =
            Collections.unmodifiableCollection(states.values());

    private final Set<String> drainedTimers = new HashSet<>();
    private final UUID backendId = UUID.randomUUID();
    private final LoadMeter meter;
    private final List<KeyGroupedInternalPriorityQueue<?>> timerQueues = new ArrayList<>();

    private @Nullable Runnable onDispose;

    /**
     * Whether anything was ever on disk. Until then checkpoints have no RocksDB part; from then on
     * each has one, because the next incremental checkpoint refers to its files.
     */
    private boolean diskUsed;

    private boolean disposed;

    /** What Flink gives every keyed state backend. */
    public record Context<K>(
            String name,
            TaskKvStateRegistry kvStateRegistry,
            TypeSerializer<K> keySerializer,
            ClassLoader userCodeClassLoader,
            ExecutionConfig executionConfig,
            TtlTimeProvider ttlTimeProvider,
            LatencyTrackingStateConfig latencyTracking,
            SizeTrackingStateConfig sizeTracking,
            CloseableRegistry cancelStreamRegistry) {}

    /**
     * Takes over both backends, which were built from the parts of {@code restored}.
     *
     * @param targets the tier that each key group of the range belongs to; taken over
     */
    public AdaptiveKeyedStateBackend(
            Context<K> context,
            HeapKeyedStateBackend<K> heap,
            RocksDBKeyedStateBackend<K> disk,
            RestoredState restored,
            Tier[] targets) {
        super(
                context.kvStateRegistry(),
                context.keySerializer(),
                context.userCodeClassLoader(),
                context.executionConfig(),
                context.ttlTimeProvider(),
                context.latencyTracking(),
                context.sizeTracking(),
                context.cancelStreamRegistry(),
                heap.getKeyContext());
        this.name = context.name();
        this.heap = heap;
        this.disk = disk;
        this.diskKey = new DiskKey<>(disk);
        this.restored = restored;
        this.restoredIn = restoredIn(targets);
        this.moves =
                new KeyGroupMoves(
                        context.name(),
                        keyGroupRange.getStartKeyGroup(),
                        targets,
                        allStates,
                        System::nanoTime);
        this.meter = new LoadMeter(keyGroupRange, System.nanoTime());
        this.diskUsed = !restored.disk().isEmpty() || moves.anyTargets(Tier.DISK);
    }

    /** Whatever the mode wants: what was restored is first of all where its handle went. */
    private Tier[] restoredIn(Tier[] targets) {
        Tier[] tiers = new Tier[targets.length];
        for (int i = 0; i < tiers.length; i++) {
            tiers[i] = restored.target(keyGroupRange.getStartKeyGroup() + i, targets[i]);
        }
        return tiers;
    }

    // --- current key -----------------------------------------------------------------------------

    @Override
    public void setCurrentKey(K newKey) {
        super.setCurrentKey(newKey);
        diskKey.invalidate();
        meter.keyChanged(keyContext.getCurrentKeyGroupIndex());
    }

    @Override
    public void setCurrentKeyAndKeyGroup(K newKey, int newKeyGroupIndex) {
        super.setCurrentKeyAndKeyGroup(newKey, newKeyGroupIndex);
        diskKey.invalidate();
        meter.keyChanged(keyContext.getCurrentKeyGroupIndex());
    }

    @Override
    public void setCurrentKeyGroupIndex(int currentKeyGroupIndex) {
        super.setCurrentKeyGroupIndex(currentKeyGroupIndex);
        diskKey.invalidate();
    }

    // --- states ----------------------------------------------------------------------------------

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // Flink's signature.
    public <N, SV, SEV, S extends State, IS extends S> IS createOrUpdateInternalState(
            TypeSerializer<N> namespaceSerializer,
            StateDescriptor<S, SV> descriptor,
            StateSnapshotTransformFactory<SEV> snapshotTransformFactory)
            throws Exception {
        return createOrUpdateInternalState(
                namespaceSerializer, descriptor, snapshotTransformFactory, false);
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Flink's signature.
    public <N, SV, SEV, S extends State, IS extends S> IS createOrUpdateInternalState(
            TypeSerializer<N> namespaceSerializer,
            StateDescriptor<S, SV> descriptor,
            StateSnapshotTransformFactory<SEV> snapshotTransformFactory,
            boolean allowFutureMetadataUpdates)
            throws Exception {
        State onHeap =
                heap.createOrUpdateInternalState(
                        namespaceSerializer,
                        descriptor,
                        snapshotTransformFactory,
                        allowFutureMetadataUpdates);
        State onDisk =
                disk.createOrUpdateInternalState(
                        namespaceSerializer,
                        descriptor,
                        snapshotTransformFactory,
                        allowFutureMetadataUpdates);
        return (IS)
                register(
                        descriptor,
                        (AbstractHeapState<K, N, SV>) onHeap,
                        (InternalKvState<K, N, SV>) onDisk);
    }

    private <N, V> TieredState<K, N, V, ?> register(
            StateDescriptor<?, V> descriptor,
            AbstractHeapState<K, N, V> onHeap,
            InternalKvState<K, N, V> onDisk) {
        String name = descriptor.getName();
        DiskTable<K, N> table =
                new DiskTable<>(
                        FlinkInternals.database(disk),
                        columnFamily(name),
                        // Not the heap's: a restored one may have been reconfigured in this tier
                        // only.
                        disk.getKeySerializer(),
                        onDisk.getNamespaceSerializer(),
                        disk.getKeyGroupPrefixBytes());
        StateMover<K, N, V> mover = mover(descriptor.getType(), onHeap, onDisk, table);

        @SuppressWarnings("unchecked")
        TieredState<K, N, V, ?> known = (TieredState<K, N, V, ?>) states.get(name);
        if (known != null) {
            known.update(table, mover);
            return known;
        }
        Residence residence =
                new Residence(
                        keyGroupRange.getStartKeyGroup(),
                        restored.residence(name, this::residenceOfUnlisted));
        TieredState<K, N, V, ?> state =
                state(
                        descriptor.getType(),
                        new TieredState.Parts<>(
                                name,
                                onHeap,
                                onHeap,
                                onDisk,
                                keyContext,
                                diskKey,
                                residence,
                                table,
                                mover));
        states.put(name, state);
        moves.settle(state);
        diskUsed |= residence.anyOnDisk();
        return state;
    }

    private ColumnFamilyHandle columnFamily(String state) {
        ColumnFamilyHandle handle = FlinkInternals.columnFamily(disk, state);
        if (handle == null) {
            throw new IllegalStateException(
                    "RocksDB has no column family for state '" + state + "', just registered.");
        }
        return handle;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private <N, V> StateMover<K, N, V> mover(
            StateDescriptor.Type type,
            AbstractHeapState<K, N, V> onHeap,
            InternalKvState<K, N, V> onDisk,
            DiskTable<K, N> table) {
        if (type == StateDescriptor.Type.MAP) {
            return (StateMover)
                    new MapMover(
                            onHeap.getStateTable(),
                            table,
                            RowFormat.mapSerializer(onDisk.getValueSerializer()),
                            moveOptions);
        }
        return new EntryMover<>(
                onHeap.getStateTable(),
                table,
                RowFormat.of(type, onDisk.getValueSerializer()),
                moveOptions);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static <K, N, V> TieredState<K, N, V, ?> state(
            StateDescriptor.Type type, TieredState.Parts<K, N, V, ?> parts) {
        TieredState.Parts raw = parts;
        return switch (type) {
            case VALUE ->
                    new TieredValueState<K, N, V>(
                            (TieredState.Parts<K, N, V, InternalValueState<K, N, V>>) raw);
            case LIST -> new TieredListState(raw);
            case REDUCING ->
                    new TieredReducingState<K, N, V>(
                            (TieredState.Parts<K, N, V, InternalReducingState<K, N, V>>) raw);
            case AGGREGATING ->
                    new TieredAggregatingState<K, N, Object, V, Object>(
                            (TieredState.Parts<
                                            K,
                                            N,
                                            V,
                                            InternalAggregatingState<K, N, Object, V, Object>>)
                                    raw);
            case MAP -> new TieredMapState(raw);
            default -> throw new IllegalArgumentException("Not a kind of state: " + type);
        };
    }

    // --- timers ----------------------------------------------------------------------------------

    @Override
    public <T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
            KeyGroupedInternalPriorityQueue<T> create(
                    String stateName, TypeSerializer<T> elementSerializer) {
        return create(stateName, elementSerializer, false);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Timers are on heap. Those that were restored into RocksDB, from a savepoint or from stock
     * RocksDB, come to the heap when their queue is asked for.
     */
    @Override
    public <T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
            KeyGroupedInternalPriorityQueue<T> create(
                    String stateName,
                    TypeSerializer<T> elementSerializer,
                    boolean allowFutureMetadataUpdates) {
        KeyGroupedInternalPriorityQueue<T> onHeap =
                heap.create(stateName, elementSerializer, allowFutureMetadataUpdates);
        if (drainedTimers.add(stateName)) {
            timerQueues.add(onHeap);
            drainTimers(stateName, elementSerializer, allowFutureMetadataUpdates, onHeap);
        }
        return onHeap;
    }

    private <T extends HeapPriorityQueueElement & PriorityComparable<? super T> & Keyed<?>>
            void drainTimers(
                    String stateName,
                    TypeSerializer<T> elementSerializer,
                    boolean allowFutureMetadataUpdates,
                    KeyGroupedInternalPriorityQueue<T> onHeap) {
        if (FlinkInternals.columnFamily(disk, stateName) != null) {
            KeyGroupedInternalPriorityQueue<T> onDisk =
                    disk.create(stateName, elementSerializer, allowFutureMetadataUpdates);
            for (T timer = onDisk.poll(); timer != null; timer = onDisk.poll()) {
                onHeap.add(timer);
            }
        }
    }

    long timers() {
        return timerQueues.stream().mapToLong(KeyGroupedInternalPriorityQueue::size).sum();
    }

    // --- keys ------------------------------------------------------------------------------------

    @Override
    public <N> Stream<K> getKeys(String state, N namespace) {
        return both(() -> heap.getKeys(state, namespace), () -> disk.getKeys(state, namespace));
    }

    @Override
    public <N> Stream<K> getKeys(List<String> stateNames, N namespace) {
        return both(
                () -> heap.getKeys(stateNames, namespace),
                () ->
                        stateNames.stream()
                                        .allMatch(n -> FlinkInternals.columnFamily(disk, n) == null)
                                ? Stream.empty()
                                : disk.getKeys(stateNames, namespace));
    }

    @Override
    public <N> Stream<Tuple2<K, N>> getKeysAndNamespaces(String state) {
        return both(() -> heap.getKeysAndNamespaces(state), () -> disk.getKeysAndNamespaces(state));
    }

    /**
     * Each element of both tiers once. The RocksDB iterator is opened and the heap's keys are
     * copied before the caller gets the first: it may change the state that it iterates over.
     */
    private <T> Stream<T> both(Supplier<Stream<T>> onHeap, Supplier<Stream<T>> onDisk) {
        if (!diskUsed) {
            return onHeap.get();
        }
        Stream<T> fromDisk = onDisk.get();
        try (Stream<T> fromHeap = onHeap.get()) {
            Set<T> keys = fromHeap.collect(Collectors.toCollection(LinkedHashSet::new));
            return Stream.concat(
                    keys.stream(), fromDisk.filter(element -> !keys.contains(element)));
        } catch (RuntimeException e) {
            fromDisk.close();
            throw e;
        }
    }

    @Override
    public <N, S extends State, T> void applyToAllKeys(
            N namespace,
            TypeSerializer<N> namespaceSerializer,
            StateDescriptor<S, T> descriptor,
            KeyedStateFunction<K, S> function,
            PartitionStateFactory partitionStateFactory)
            throws Exception {
        if (diskUsed) {
            super.applyToAllKeys(
                    namespace, namespaceSerializer, descriptor, function, partitionStateFactory);
            return;
        }
        List<K> keys;
        try (Stream<K> stream = heap.getKeys(descriptor.getName(), namespace)) {
            keys = stream.collect(Collectors.toList());
        }
        S state = partitionStateFactory.get(namespace, namespaceSerializer, descriptor);
        for (K key : keys) {
            setCurrentKey(key);
            function.process(key, state);
        }
    }

    @Override
    public int numKeyValueStateEntries() {
        return heap.numKeyValueStateEntries() + (diskUsed ? disk.numKeyValueStateEntries() : 0);
    }

    // --- snapshots -------------------------------------------------------------------------------

    @Override
    public RunnableFuture<SnapshotResult<KeyedStateHandle>> snapshot(
            long checkpointId,
            long timestamp,
            CheckpointStreamFactory streamFactory,
            CheckpointOptions checkpointOptions)
            throws Exception {
        Manifest manifest = manifest();
        RunnableFuture<SnapshotResult<KeyedStateHandle>> heapPart =
                heap.snapshot(checkpointId, timestamp, streamFactory, checkpointOptions);
        RunnableFuture<SnapshotResult<KeyedStateHandle>> diskPart = null;
        try {
            if (diskUsed) {
                diskPart = disk.snapshot(checkpointId, timestamp, streamFactory, checkpointOptions);
            }
            return new TieredSnapshot(
                            backendId, checkpointId, streamFactory, manifest, heapPart, diskPart)
                    .toAsyncSnapshotFutureTask(cancelStreamRegistry);
        } catch (Exception e) {
            heapPart.cancel(true);
            if (diskPart != null) {
                diskPart.cancel(true);
            }
            throw e;
        }
    }

    private Manifest manifest() {
        Map<String, byte[]> residences = new LinkedHashMap<>();
        for (String name : restored.states()) {
            // Of states that were restored but that the job has not asked for (yet).
            residences.put(name, restored.residence(name, this::residenceOfUnlisted));
        }
        states.forEach((name, state) -> residences.put(name, state.residence().copy()));
        return new Manifest(
                keyGroupRange,
                moves.targets(),
                residences,
                restored.unlisted(this::residenceOfUnlisted),
                null);
    }

    private byte residenceOfUnlisted(int keyGroup) {
        return Residence.settledIn(restoredIn[keyGroup - keyGroupRange.getStartKeyGroup()]);
    }

    @Override
    public SavepointResources<K> savepoint() throws Exception {
        SavepointResources<K> onHeap = heap.savepoint();
        if (!diskUsed) {
            return onHeap;
        }
        try {
            SavepointResources<K> onDisk = disk.savepoint();
            return new SavepointResources<>(
                    new MergedSavepoint<>(
                            onHeap.getSnapshotResources(), onDisk.getSnapshotResources()),
                    SnapshotExecutionType.ASYNCHRONOUS);
        } catch (Exception e) {
            onHeap.getSnapshotResources().release();
            throw e;
        }
    }

    @Override
    public boolean requiresLegacySynchronousTimerSnapshots(SnapshotType checkpointType) {
        return false;
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        heap.notifyCheckpointComplete(checkpointId);
        disk.notifyCheckpointComplete(checkpointId);
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) throws Exception {
        heap.notifyCheckpointAborted(checkpointId);
        disk.notifyCheckpointAborted(checkpointId);
    }

    @Override
    public void notifyCheckpointSubsumed(long checkpointId) throws Exception {
        heap.notifyCheckpointSubsumed(checkpointId);
        disk.notifyCheckpointSubsumed(checkpointId);
    }

    // --- management ------------------------------------------------------------------------------

    /**
     * Puts the backend under the coordinator of its process, until it is disposed of. Without this
     * its key groups stay where they are.
     */
    public void manage(
            Environment environment,
            MetricGroup metrics,
            PlacementMode mode,
            PolicySettings policy,
            long budgetBytesPerSlot,
            MoveSettings moveSettings) {
        MailboxExecutor mailbox = environment.getMainMailboxExecutor();
        TaskInfo task = environment.getTaskInfo();
        MoveDriver.Subtask subtask =
                new MoveDriver.Subtask(
                        environment.getJobID().toHexString(),
                        environment.getJobVertexId().toHexString(),
                        task.getTaskName(),
                        task.getIndexOfThisSubtask(),
                        task.getAttemptNumber(),
                        name,
                        new SlotBudget(task.getAllocationIDAsString(), budgetBytesPerSlot));
        TimerGauge idle = environment.getMetricGroup().getIOMetricGroup().getIdleTimeMsPerSecond();
        StateCoordinator coordinator = StateCoordinator.ofProcess();
        MoveDriver driver =
                coordinator.register(
                        environment.getMetricGroup().parent().parent(),
                        policy,
                        timer ->
                                new MoveDriver(
                                        subtask,
                                        mode,
                                        this,
                                        mailbox,
                                        timer,
                                        idle::getAccumulatedCount,
                                        moveSettings,
                                        coordinator::unregister));
        onDispose = driver::close;
        BackendMetrics.register(metrics, driver, driver.sliceMicros());
    }

    // --- moves -----------------------------------------------------------------------------------

    KeyGroupMoves moves() {
        return moves;
    }

    MoveOptions moveOptions() {
        return moveOptions;
    }

    /** Asks for a key group to be moved; {@link #runSlice} does it. On the task thread. */
    void requestMove(int keyGroup, Tier target) {
        diskUsed |= target == Tier.DISK;
        moves.request(keyGroup, target);
    }

    /** Goes on with the moves that were asked for. On the task thread. */
    KeyGroupMoves.Progress runSlice(Slice slice) {
        return disposed ? KeyGroupMoves.Progress.IDLE : moves.runSlice(slice);
    }

    BackendLoad measureLoad(long id, String name, SlotBudget budget, IntPredicate pinned) {
        return meter.measure(id, name, budget, allStates, moves, pinned, System.nanoTime());
    }

    // ---------------------------------------------------------------------------------------------

    @Override
    public String getBackendTypeIdentifier() {
        return TYPE;
    }

    @Override
    public void dispose() {
        if (disposed) {
            return;
        }
        disposed = true;
        if (onDispose != null) {
            onDispose.run();
        }
        super.dispose();
        allStates.forEach(state -> state.mover().close());
        IOUtils.closeQuietly(moveOptions);
        disk.dispose();
        heap.dispose();
    }

    @Override
    public String toString() {
        return "AdaptiveKeyedStateBackend" + keyGroupRange;
    }
}
