package io.sluice.runtime.backpressure.cause;

import org.apache.flink.configuration.TaskManagerOptions;

import io.sluice.runtime.backpressure.cause.Cause.Kind;
import io.sluice.runtime.backpressure.load.ProcessLoad;
import io.sluice.runtime.backpressure.load.SubtaskLoad;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Why a vertex is slow.
 *
 * @param subtasks whose doing it is; none for all
 * @param message whole sentences, without how many wait for it
 */
record Reason(Kind kind, List<Integer> subtasks, String message) {

    private static final double MUCH_GC = 0.3;
    private static final double VERY_BUSY = 0.8;
    private static final double HALF = 0.5;
    private static final double UNEVEN_RECORDS = 2;
    private static final double SOMEWHAT_UNEVEN_RECORDS = 1.5;
    private static final double LITTLE_CPU = 0.3;
    private static final double HARDLY_ANY_CPU = 0.05;
    private static final double MACHINE_SATURATED = 0.9;

    Reason {
        subtasks = List.copyOf(subtasks);
    }

    /** Returns why the vertex is as busy as it is. */
    static Reason ofBusy(VertexLoad vertex) {
        return ofGc(vertex)
                .or(() -> ofSkew(vertex))
                .or(() -> ofExternalWait(vertex))
                .orElseGet(() -> ofRecords(vertex));
    }

    private static Optional<Reason> ofGc(VertexLoad vertex) {
        List<SubtaskLoad> guilty =
                vertex.guilty().stream()
                        .filter(subtask -> subtask.process().gc() > MUCH_GC)
                        .toList();
        return guilty.stream()
                .map(SubtaskLoad::process)
                .max(Comparator.comparingDouble(ProcessLoad::gc))
                .map(worst -> ofGc(vertex, guilty, worst));
    }

    private static Reason ofGc(VertexLoad vertex, List<SubtaskLoad> guilty, ProcessLoad worst) {
        return new Reason(
                Kind.GC,
                indices(vertex, guilty),
                "Collections of garbage take %s of the time of TaskManager %s. Give it more heap, or let its operators allocate and keep less."
                        .formatted(percent(worst.gc()), worst.taskManager()));
    }

    private static Optional<Reason> ofSkew(VertexLoad vertex) {
        List<SubtaskLoad> all = vertex.subtasks();
        double busy = vertex.busy();
        double meanBusy = VertexLoad.mean(all, SubtaskLoad::busy);
        double meanRecords = VertexLoad.mean(all, SubtaskLoad::recordsIn);
        if (all.size() < 2 || busy <= VERY_BUSY || meanBusy >= VERY_BUSY * busy) {
            return Optional.empty();
        }
        List<SubtaskLoad> hot = all.stream().filter(subtask -> subtask.busy() > VERY_BUSY).toList();
        List<SubtaskLoad> others =
                all.stream().filter(subtask -> subtask.busy() <= VERY_BUSY).toList();
        double hotRecords = hot.stream().mapToLong(SubtaskLoad::recordsIn).max().orElse(0);
        double times = meanRecords == 0 ? 1 : hotRecords / meanRecords;
        boolean othersRest = VertexLoad.mean(others, SubtaskLoad::busy) < HALF * busy;
        if (meanBusy >= HALF && !othersRest && times <= UNEVEN_RECORDS) {
            return Optional.empty();
        }
        double toOthers = VertexLoad.mean(others, SubtaskLoad::recordsIn);
        boolean uneven =
                VertexLoad.mean(hot, SubtaskLoad::recordsIn) > SOMEWHAT_UNEVEN_RECORDS * toOthers;
        String who =
                "%s busy %s of the time, the mean is %s"
                        .formatted(names(hot), percent(busy), percent(meanBusy));
        String message =
                uneven
                        ? "%s: %s %s times as many records as the mean. Look for hot keys, or rebalance before it."
                                .formatted(
                                        who,
                                        hot.size() == 1 ? "it gets" : "one of them gets",
                                        decimal(times))
                        : "%s, but the others get as many records: either its records take more work, or TaskManager %s is slower than the others."
                                .formatted(who, hot.get(0).process().taskManager());
        return Optional.of(new Reason(Kind.SKEW, indices(vertex, hot), message));
    }

    private static Optional<Reason> ofExternalWait(VertexLoad vertex) {
        List<SubtaskLoad> known =
                vertex.guilty().stream()
                        .filter(subtask -> !Double.isNaN(subtask.cpu()) && subtask.busy() > 0)
                        .toList();
        if (vertex.busy() < HALF || known.isEmpty()) {
            return Optional.empty();
        }
        double cpu =
                VertexLoad.mean(known, SubtaskLoad::cpu)
                        / VertexLoad.mean(known, SubtaskLoad::busy);
        double machine = VertexLoad.mean(known, subtask -> subtask.process().machineCpu());
        boolean waits = cpu < HARDLY_ANY_CPU || (cpu < LITTLE_CPU && machine < MACHINE_SATURATED);
        if (!waits) {
            return Optional.empty();
        }
        String doubt =
                machine >= MACHINE_SATURATED
                        ? " Or it seldom gets its turn: the processors are in use for %s."
                                .formatted(percent(machine))
                        : "";
        return Optional.of(
                new Reason(
                        Kind.EXTERNAL_WAIT,
                        indices(vertex, vertex.guilty()),
                        "Its thread ran only %s of the time that it was busy: it waits for something outside of Flink, such as a database, a lock or a file. Ask asynchronously, for several records at once, or less often.%s"
                                .formatted(percent(cpu), doubt)));
    }

    private static Reason ofRecords(VertexLoad vertex) {
        double machine =
                VertexLoad.mean(vertex.guilty(), subtask -> subtask.process().machineCpu());
        String advice =
                machine >= MACHINE_SATURATED
                        ? "The processors of its TaskManagers are in use for %s: give them more, or its records less work."
                                .formatted(percent(machine))
                        : "Raise its parallelism (now %d), or look with a flame graph where its time goes."
                                .formatted(vertex.vertex().parallelism());
        return new Reason(Kind.BUSY, indices(vertex, vertex.guilty()), advice);
    }

    /** Returns why a producer is held back whose consumers rest in between. */
    static Reason ofBursts(VertexLoad producer) {
        List<SubtaskLoad> held =
                producer.subtasks().stream()
                        .filter(subtask -> subtask.hard() >= HALF * producer.backpressured())
                        .toList();
        return new Reason(
                Kind.HARD,
                indices(producer, held),
                "Held back for %s of the time, %s of that within a record or timer: it sends more at once than there are buffers for, and its consumers rest in between. Send less per record or timer, or raise '%s'."
                        .formatted(
                                percent(producer.backpressured()),
                                percent(producer.hardShare()),
                                TaskManagerOptions.MEMORY_SEGMENT_SIZE.key()));
    }

    /** Returns why a producer is held back whose consumers have time, and no bursts explain it. */
    static Reason ofNetwork(VertexLoad producer, VertexLoad consumer) {
        return new Reason(
                Kind.NETWORK,
                List.of(),
                "'%s' is held back for %s of the time, but '%s', which gets its records, is busy for only %s: the buffers are on their way. Look at the network between their TaskManagers."
                        .formatted(
                                producer.vertex().name(),
                                percent(producer.backpressured()),
                                consumer.vertex().name(),
                                percent(consumer.busy())));
    }

    private static List<Integer> indices(VertexLoad vertex, List<SubtaskLoad> subtasks) {
        return subtasks.size() == vertex.subtasks().size()
                ? List.of()
                : subtasks.stream().map(SubtaskLoad::subtask).sorted().toList();
    }

    private static String names(List<SubtaskLoad> subtasks) {
        if (subtasks.size() == 1) {
            return "Subtask %d is".formatted(subtasks.get(0).subtask());
        }
        List<String> indices =
                subtasks.stream().map(subtask -> Integer.toString(subtask.subtask())).toList();
        return "Subtasks %s are".formatted(String.join(", ", indices));
    }

    static String percent(double share) {
        return "%.0f %%".formatted(100 * share);
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
