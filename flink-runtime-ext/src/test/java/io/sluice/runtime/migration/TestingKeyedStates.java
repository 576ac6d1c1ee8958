package io.sluice.runtime.migration;

import org.apache.flink.api.common.JobID;
import org.apache.flink.sluice.rpc.StateMigration.Target;
import org.apache.flink.sluice.rpc.SubtaskState;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Backends of ten key groups each, whose state moves when a test says so. */
final class TestingKeyedStates implements KeyedStates {

    static final int KEY_GROUPS = 10;
    static final JobID JOB = new JobID(0, 1);

    final List<String> requests = new ArrayList<>();
    private final Map<Long, Backend> backends = new LinkedHashMap<>();
    private long lastId;

    /** Adds a backend with all on heap and returns its id. */
    long add(String vertex, boolean movable) {
        lastId++;
        put(lastId, state(vertex, 0, movable), 0, 0);
        return lastId;
    }

    void remove(long id) {
        backends.remove(id);
    }

    /** From now on so many key groups are on disk, with so many moves failed. */
    void moved(long id, int keyGroupsOnDisk, long movesFailed) {
        Backend before = backend(id);
        put(
                id,
                state(before.state().vertex(), keyGroupsOnDisk, before.state().movable()),
                keyGroupsOnDisk * 100L,
                movesFailed);
    }

    private Backend backend(long id) {
        Backend backend = backends.get(id);
        if (backend == null) {
            throw new AssertionError("There is no backend " + id);
        }
        return backend;
    }

    private void put(long id, SubtaskState state, long entriesMoved, long movesFailed) {
        backends.put(id, new Backend(id, JOB, state, entriesMoved, 10 * entriesMoved, movesFailed));
    }

    private static SubtaskState state(String vertex, int keyGroupsOnDisk, boolean movable) {
        return new SubtaskState(
                vertex,
                "task of " + vertex,
                "operator of " + vertex,
                0,
                0,
                movable ? "auto" : "pin-heap",
                movable,
                KEY_GROUPS - keyGroupsOnDisk,
                keyGroupsOnDisk,
                0,
                0,
                0,
                0,
                0,
                null,
                "disk full",
                null);
    }

    @Override
    public List<Backend> all() {
        return List.copyOf(backends.values());
    }

    @Override
    public void move(long backend, Target target, double share, double pace) {
        if (!backend(backend).state().movable()) {
            throw new IllegalArgumentException("It is pinned.");
        }
        requests.add("%d %s %s %s".formatted(backend, target, share, pace));
    }
}
