package io.sluice.runtime.extension;

import org.apache.flink.api.common.JobID;
import org.apache.flink.sluice.rpc.DesiredState;
import org.apache.flink.sluice.rpc.LogLevel;
import org.apache.flink.sluice.rpc.StateMigration;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * What the JobManager holds to be desired. It is kept nowhere else but in the TaskManagers: a new
 * JobManager adopts what they know.
 *
 * <p>Owned by one thread.
 */
final class DesiredStates {

    /** Of jobs that have ended, the oldest are dropped beyond this many. */
    static final int MOST_MIGRATIONS = 1000;

    /** Of the log levels that were put here, the oldest puts are forgotten beyond this many. */
    static final int MOST_REMEMBERED_LEVELS = 1000;

    private final UUID incarnation = UUID.randomUUID();
    private final LongSupplier clockMillis;
    private final Map<JobID, StateMigration> migrations = new HashMap<>();

    /** With those that have ended but that a TaskManager may not yet have heard the end of. */
    private final List<LogLevel> logLevels = new ArrayList<>();

    /**
     * The epochs of the last puts, the oldest first. What was put here and has ended must not come
     * back with an older one that is only adopted later.
     */
    private final Map<Logger, Long> putLevels = new LinkedHashMap<>();

    /** Of other JobManagers, by their incarnation, the epoch up to which all was adopted. */
    private final Map<UUID, Long> adopted = new HashMap<>();

    private long epoch;

    /** What a log level is for. */
    private record Logger(String name, List<String> targets) {
        static Logger of(LogLevel level) {
            return new Logger(level.logger(), level.targets());
        }
    }

    /**
     * @param clockMillis since 1970: epochs of a new JobManager are greater than those of an old
     *     one, even if it has not yet heard of them
     */
    DesiredStates(LongSupplier clockMillis) {
        this.clockMillis = clockMillis;
        nextEpoch(0);
    }

    private void nextEpoch(long other) {
        epoch = Math.max(clockMillis.getAsLong(), Math.max(epoch, other) + 1);
    }

    long epoch() {
        return epoch;
    }

    DesiredState of(UUID leader) {
        return new DesiredState(leader, incarnation, epoch, migrations(), logLevels);
    }

    List<StateMigration> migrations() {
        return List.copyOf(migrations.values());
    }

    @Nullable StateMigration migration(JobID job) {
        return migrations.get(job);
    }

    void put(StateMigration migration) {
        nextEpoch(migration.epoch());
        keep(migration.at(epoch));
    }

    private void keep(StateMigration migration) {
        migrations.put(migration.job(), migration);
        if (migrations.size() > MOST_MIGRATIONS) {
            migrations.values().stream()
                    .min(Comparator.comparingLong(StateMigration::epoch))
                    .ifPresent(oldest -> migrations.remove(oldest.job()));
        }
    }

    /** Returns those that have not expired. */
    List<LogLevel> logLevels() {
        long now = clockMillis.getAsLong();
        return logLevels.stream().filter(level -> !level.hasExpired(now)).toList();
    }

    void put(LogLevel level) {
        nextEpoch(level.epoch());
        keep(level.at(epoch));
        Logger logger = Logger.of(level);
        putLevels.remove(logger);
        putLevels.put(logger, epoch);
        if (putLevels.size() > MOST_REMEMBERED_LEVELS) {
            putLevels.remove(putLevels.keySet().iterator().next());
        }
    }

    private void keep(LogLevel level) {
        LogLevel kept = level;
        for (LogLevel older : logLevels) {
            if (level.isSameRequestAs(older)) {
                kept = kept.replacing(older);
            }
        }
        logLevels.removeIf(level::isSameRequestAs);
        logLevels.add(kept);
    }

    /**
     * Forgets log levels whose time is over, as was that of those that they replaced.
     *
     * @return whether there were any
     */
    boolean expireLogLevels() {
        long now = clockMillis.getAsLong();
        if (!logLevels.removeIf(level -> level.isForgotten(now))) {
            return false;
        }
        nextEpoch(0);
        return true;
    }

    /** Whether all is known that a TaskManager of this version knows. */
    boolean knows(DesiredState.Version version) {
        return version.incarnation().equals(incarnation)
                || adopted.getOrDefault(version.incarnation(), -1L) >= version.epoch();
    }

    /**
     * Takes over what a TaskManager heard from another JobManager and this one does not know, or
     * not as new.
     *
     * @return whether that was news
     */
    boolean adopt(DesiredState known) {
        if (knows(known.version())) {
            return false;
        }
        adopted.put(known.incarnation(), known.epoch());
        boolean news = false;
        for (StateMigration migration : known.migrations()) {
            StateMigration own = migrations.get(migration.job());
            if (own == null || own.epoch() < migration.epoch()) {
                keep(migration);
                news = true;
            }
        }
        for (LogLevel level : known.logLevels()) {
            boolean isNewer =
                    level.epoch() > putLevels.getOrDefault(Logger.of(level), -1L)
                            && logLevels.stream()
                                    .noneMatch(
                                            own ->
                                                    own.isSameRequestAs(level)
                                                            && own.epoch() >= level.epoch());
            if (isNewer && !level.isForgotten(clockMillis.getAsLong())) {
                keep(level);
                news = true;
            }
        }
        if (news || known.epoch() >= epoch) {
            nextEpoch(known.epoch());
            return true;
        }
        return false;
    }
}
