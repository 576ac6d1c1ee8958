package io.sluice.runtime.migration;

import org.apache.flink.api.common.JobID;
import org.apache.flink.sluice.rpc.MigrationProgress;
import org.apache.flink.sluice.rpc.MigrationProgress.Phase;
import org.apache.flink.sluice.rpc.StateMigration;
import org.apache.flink.sluice.rpc.StateMigration.Target;
import org.apache.flink.sluice.rpc.SubtaskState;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Carries migrations out in a TaskManager: each backend that one concerns gets the request once,
 * whenever the backend comes, and is watched until its state is there.
 *
 * <p>Owned by one thread.
 */
public final class LocalMigrations {

    private static final Logger LOG = LoggerFactory.getLogger(LocalMigrations.class);

    private final String taskManager;
    private final KeyedStates states;
    private final LongSupplier clockMillis;

    /** The last of each job. */
    private Map<JobID, Followed> followed = Map.of();

    private static final class Followed {
        final StateMigration migration;
        final Map<Long, Watched> backends = new HashMap<>();

        Followed(StateMigration migration) {
            this.migration = migration;
        }
    }

    /** A backend that got the request. */
    private static final class Watched {
        final KeyedStates.Backend before;
        final long startMillis;
        long endMillis = -1;
        @Nullable String refusal;

        Watched(KeyedStates.Backend before, long startMillis) {
            this.before = before;
            this.startMillis = startMillis;
        }

        boolean hasEnded() {
            return endMillis >= 0;
        }
    }

    /**
     * @param taskManager resource id of this one
     * @param clockMillis never goes back
     */
    public LocalMigrations(String taskManager, KeyedStates states, LongSupplier clockMillis) {
        this.taskManager = taskManager;
        this.states = states;
        this.clockMillis = clockMillis;
    }

    /** Replaces all migrations; those that were there already go on. */
    public void follow(List<StateMigration> migrations) {
        Map<JobID, Followed> next = new HashMap<>();
        for (StateMigration migration : migrations) {
            Followed before = followed.get(migration.job());
            next.put(
                    migration.job(),
                    before != null && before.migration.trigger().equals(migration.trigger())
                            ? before
                            : new Followed(migration));
        }
        followed = next;
        advance();
    }

    /** Asks backends that have come, forgets those that have gone, and sees which are done. */
    public void advance() {
        if (followed.isEmpty()) {
            return;
        }
        Map<JobID, List<KeyedStates.Backend>> backends =
                states.all().stream().collect(Collectors.groupingBy(KeyedStates.Backend::job));
        for (Followed one : followed.values()) {
            advance(one, backends.getOrDefault(one.migration.job(), List.of()));
        }
    }

    private void advance(Followed one, List<KeyedStates.Backend> backends) {
        Map<Long, KeyedStates.Backend> present =
                backends.stream()
                        .filter(
                                backend ->
                                        one.migration.concerns(
                                                backend.state().vertex(), taskManager))
                        .collect(Collectors.toMap(KeyedStates.Backend::id, Function.identity()));
        one.backends.keySet().retainAll(present.keySet());
        present.forEach(
                (id, backend) -> {
                    Watched watched = one.backends.get(id);
                    if (watched == null) {
                        one.backends.put(id, begin(one.migration, backend));
                    } else if (!watched.hasEnded() && isThere(one.migration, backend)) {
                        watched.endMillis = clockMillis.getAsLong();
                    }
                });
    }

    private Watched begin(StateMigration migration, KeyedStates.Backend backend) {
        Watched watched = new Watched(backend, clockMillis.getAsLong());
        try {
            states.move(backend.id(), migration.target(), migration.share(), migration.pace());
            if (isThere(migration, backend)) {
                watched.endMillis = watched.startMillis;
            }
        } catch (IllegalArgumentException e) {
            LOG.info(
                    "State migration {} leaves {} alone: {}",
                    migration.trigger(),
                    backend.state().operator(),
                    e.getMessage());
            watched.refusal = Objects.toString(e.getMessage(), "refused");
            watched.endMillis = watched.startMillis;
        }
        return watched;
    }

    private static boolean isThere(StateMigration migration, KeyedStates.Backend backend) {
        return there(migration, backend.state()) >= wanted(migration, backend.state());
    }

    private static int there(StateMigration migration, SubtaskState state) {
        return switch (migration.target()) {
            case HEAP -> state.keyGroupsOnHeap();
            case DISK -> state.keyGroupsOnDisk();
            case AUTO -> 0;
        };
    }

    private static int wanted(StateMigration migration, SubtaskState state) {
        if (migration.target() == Target.AUTO) {
            return 0;
        }
        int all = state.keyGroupsOnHeap() + state.keyGroupsOnDisk() + state.keyGroupsMoving();
        return (int) Math.ceil(all * migration.share());
    }

    /** Whether some backend has not all that it was asked for where it is to be. */
    public boolean isMoving() {
        return followed.values().stream()
                .flatMap(one -> one.backends.values().stream())
                .anyMatch(watched -> !watched.hasEnded());
    }

    /** Returns where the state of a job lives now, with the progress of its last migration. */
    public List<SubtaskState> ofJob(JobID job) {
        advance();
        Followed one = followed.get(job);
        return states.all().stream()
                .filter(backend -> backend.job().equals(job))
                .map(backend -> one == null ? backend.state() : withProgress(one, backend))
                .toList();
    }

    private SubtaskState withProgress(Followed one, KeyedStates.Backend backend) {
        Watched watched = one.backends.get(backend.id());
        return watched == null
                ? backend.state()
                : backend.state().with(progress(one.migration, watched, backend));
    }

    private MigrationProgress progress(
            StateMigration migration, Watched watched, KeyedStates.Backend now) {
        long end = watched.hasEnded() ? watched.endMillis : clockMillis.getAsLong();
        Phase phase =
                watched.refusal != null
                        ? Phase.FAILED
                        : watched.hasEnded() ? Phase.DONE : Phase.MOVING;
        boolean failedOnce = now.movesFailed() > watched.before.movesFailed();
        return new MigrationProgress(
                migration.trigger(),
                phase,
                wanted(migration, now.state()),
                there(migration, now.state()),
                now.entriesMoved() - watched.before.entriesMoved(),
                now.bytesMoved() - watched.before.bytesMoved(),
                end - watched.startMillis,
                watched.refusal != null
                        ? watched.refusal
                        : failedOnce ? now.state().lastFailure() : null);
    }
}
