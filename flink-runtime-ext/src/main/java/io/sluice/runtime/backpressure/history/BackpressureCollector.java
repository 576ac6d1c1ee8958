package io.sluice.runtime.backpressure.history;

import org.apache.flink.sluice.rpc.PastBackpressure;
import org.apache.flink.sluice.rpc.PastEpisodes;

import io.sluice.runtime.RuntimeOptions;
import io.sluice.runtime.backpressure.cause.BackpressureCauses;
import io.sluice.runtime.backpressure.load.Episode;
import io.sluice.runtime.backpressure.load.JobLoad;
import io.sluice.runtime.backpressure.load.JobTopology;
import io.sluice.runtime.backpressure.load.JobTopology.Vertex;
import io.sluice.runtime.backpressure.load.LoadReport;
import io.sluice.runtime.backpressure.load.PeriodLoad;
import io.sluice.runtime.backpressure.load.PeriodLoad.JobPart;
import io.sluice.runtime.backpressure.load.SubtaskLoad;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Puts together what TaskManagers report, period by period, finds the causes, and remembers both.
 * Not thread-safe.
 */
public final class BackpressureCollector {

    /*
     * A period is open until all TaskManagers that were asked have reported it and the job's topology
     * is known, or for three more rounds: then its causes are found, and it becomes a row of history.
     * What comes later is left out. Rounds count, not periods: a new JobManager gets many at once.
     */

    private static final int OPEN_ROUNDS = 3;

    private static final int VERTEX_LISTS = 1000;

    /** Beyond it periods of TaskManagers do not come together. */
    private static final int PERIODS_OF_SKEW = 2;

    private static final Logger LOG = LoggerFactory.getLogger(BackpressureCollector.class);

    private final BackpressureHistory history;
    private final @Nullable HistoryLog log;
    private final Topologies topologies;

    /** By the end of the period. Closed ones stay for {@link #latest}. */
    private final NavigableMap<Long, Recent> recent = new TreeMap<>();

    /** Of each job, the list of vertices that its rows share. */
    private final Map<String, List<String>> vertexLists =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, List<String>> eldest) {
                    return size() > VERTEX_LISTS;
                }
            };

    /** Of each TaskManager, the end of the last period that it reported. */
    private final Map<String, Long> known = new HashMap<>();

    /** Of each TaskManager, the episodes that go on. */
    private final Map<String, Set<String>> ongoing = new HashMap<>();

    /** TaskManagers of whose clocks a warning was written. */
    private final Set<String> skewed = new HashSet<>();

    private boolean edgesTracked;

    /** A period, as far as it has been reported. */
    private static final class Recent {
        final Map<String, PeriodLoad> loads = new LinkedHashMap<>();
        int rounds;
    }

    /** Knows jobs. */
    @FunctionalInterface
    public interface Topologies {
        /**
         * Returns what is known of a job, or null if that is not known yet; it is looked up then.
         *
         * @param vertices that must be there
         */
        @Nullable JobTopology of(String job, Set<String> vertices);
    }

    /**
     * @param log null if history is not written anywhere
     */
    public BackpressureCollector(
            HistorySettings settings, Topologies topologies, @Nullable HistoryLog log) {
        this.history = new BackpressureHistory(settings);
        this.topologies = topologies;
        this.log = log;
    }

    /** Returns the end of the last period that a TaskManager reported; -1 if it has not yet. */
    public long lastOf(String taskManager) {
        return known.getOrDefault(taskManager, -1L);
    }

    /**
     * Takes what a TaskManager reports.
     *
     * @param nowMillis since 1970
     */
    public void accept(String taskManager, LoadReport report, long nowMillis) {
        edgesTracked = report.edgesTracked();
        for (PeriodLoad period : report.periods()) {
            // The last one of this report, as the clock of a TaskManager may be set back.
            known.put(taskManager, period.endMillis());
            recent.computeIfAbsent(period.endMillis(), any -> new Recent())
                    .loads
                    .put(taskManager, period);
        }
        tellOfSkew(taskManager, report, nowMillis);
        Set<String> goOn = new HashSet<>();
        for (Episode episode : report.episodes()) {
            if (history.add(episode)) {
                write(episode);
            }
            if (episode.ongoing()) {
                goOn.add(episode.id());
            }
        }
        ongoing.put(taskManager, goOn);
    }

    private void tellOfSkew(String taskManager, LoadReport report, long nowMillis) {
        if (report.periods().isEmpty()) {
            return;
        }
        PeriodLoad last = report.periods().get(report.periods().size() - 1);
        long skewMillis = Math.abs(nowMillis - last.endMillis());
        if (skewMillis <= PERIODS_OF_SKEW * last.periodMillis()) {
            skewed.remove(taskManager);
        } else if (skewed.add(taskManager)) {
            LOG.warn(
                    "The clock of TaskManager {} differs by about {} ms from that of the JobManager, or it reports late: its tasks are left out where backpressure is explained. Synchronize the clocks (NTP), or raise '{}', now {} ms.",
                    taskManager,
                    skewMillis,
                    RuntimeOptions.BACKPRESSURE_REPORT_INTERVAL.key(),
                    last.periodMillis());
        }
    }

    /**
     * Finds the causes of the periods that are complete.
     *
     * @param taskManagers that are there
     * @param nowMillis since 1970
     */
    public void roundEnded(Collection<String> taskManagers, long nowMillis) {
        known.keySet().retainAll(taskManagers);
        ongoing.keySet().retainAll(taskManagers);
        skewed.retainAll(taskManagers);
        Set<String> toldOf = new HashSet<>();
        ongoing.values().forEach(toldOf::addAll);
        history.endAllBut(episode -> toldOf.contains(episode.id())).forEach(this::write);
        recent.forEach(
                (endMillis, period) -> {
                    boolean isLate = period.rounds++ >= OPEN_ROUNDS;
                    if (isLate || period.loads.keySet().containsAll(taskManagers)) {
                        close(endMillis, period.loads.values(), isLate);
                    }
                });
        recent.values().removeIf(period -> period.rounds > OPEN_ROUNDS);
        history.forget(nowMillis);
        if (log != null) {
            log.flush(nowMillis);
        }
    }

    private void close(long endMillis, Collection<PeriodLoad> loads, boolean isLate) {
        Set<String> jobs = new HashSet<>();
        loads.forEach(load -> jobs.addAll(load.jobs().keySet()));
        for (String job : jobs) {
            if (history.hasPeriod(job, endMillis)) {
                continue;
            }
            Set<String> vertices = verticesOf(job, loads);
            JobTopology topology = topologies.of(job, vertices);
            if (topology == null && isLate) {
                topology = withoutEdges(job, vertices);
            }
            if (topology != null) {
                JobLoad load = JobLoad.of(topology, loads);
                List<String> ids =
                        vertexLists.merge(
                                job,
                                PeriodRow.idsOf(topology.vertices()),
                                (shared, now) -> shared.equals(now) ? shared : now);
                PeriodRow row = PeriodRow.of(load, BackpressureCauses.of(load), ids);
                history.add(job, row);
                if (log != null) {
                    log.add(job, row);
                }
            }
        }
    }

    private static Set<String> verticesOf(String job, Collection<PeriodLoad> loads) {
        Set<String> vertices = new HashSet<>();
        for (PeriodLoad load : loads) {
            JobPart part = load.jobs().get(job);
            if (part != null) {
                part.subtasks().stream().map(SubtaskLoad::vertex).forEach(vertices::add);
            }
        }
        return vertices;
    }

    private static JobTopology withoutEdges(String job, Set<String> vertices) {
        return new JobTopology(
                job,
                job,
                vertices.stream().sorted().map(id -> new Vertex(id, id, 1)).toList(),
                List.of());
    }

    private void write(Episode episode) {
        if (log != null) {
            log.add(episode);
        }
    }

    /**
     * Takes what an earlier JobManager has written; what is known already stays.
     *
     * @param nowMillis since 1970
     */
    public void remember(HistoryLog.Contents contents, long nowMillis) {
        for (Map.Entry<String, List<PeriodRow>> job : contents.rows.entrySet()) {
            for (PeriodRow row : job.getValue()) {
                if (!history.hasPeriod(job.getKey(), row.endMillis())) {
                    history.add(job.getKey(), row);
                }
            }
        }
        contents.episodes.forEach(history::remember);
        history.forget(nowMillis);
    }

    /** Returns what the tasks of a job did in the last period that most TaskManagers reported. */
    public LoadReport latest(String job) {
        List<PeriodLoad> best = List.of();
        for (Recent period : recent.descendingMap().values()) {
            List<PeriodLoad> loads =
                    period.loads.values().stream()
                            .filter(load -> load.jobs().containsKey(job))
                            .toList();
            if (loads.size() > best.size()) {
                best = loads;
            }
        }
        return new LoadReport(
                edgesTracked,
                best.stream().map(load -> onlyOf(job, load)).toList(),
                history.ongoing(job));
    }

    private static PeriodLoad onlyOf(String job, PeriodLoad load) {
        JobPart part = load.jobs().get(job);
        return new PeriodLoad(
                load.endMillis(),
                load.periodMillis(),
                load.process(),
                part == null ? Map.of() : Map.of(job, part));
    }

    public PastBackpressure between(String job, long fromMillis, long toMillis, long stepMillis) {
        return history.between(job, fromMillis, toMillis, stepMillis);
    }

    public PastEpisodes episodes(String job, @Nullable String vertex, int limit) {
        return history.episodes(job, vertex, limit);
    }
}
