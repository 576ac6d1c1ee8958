package io.sluice.runtime.backpressure.cause;

import io.sluice.runtime.backpressure.load.EdgeLoad;
import io.sluice.runtime.backpressure.load.JobLoad;
import io.sluice.runtime.backpressure.load.JobTopology;
import io.sluice.runtime.backpressure.load.ProcessLoad;
import io.sluice.runtime.backpressure.load.SubtaskLoad;

import java.util.ArrayList;
import java.util.List;

/** A job's load, written down vertex by vertex. Mutable; a vertex is meant by its name. */
final class TestingLoad {

    static final ProcessLoad TM_1 = new ProcessLoad("tm-1", 0.02, 0.4);

    private final List<JobTopology.Vertex> vertices = new ArrayList<>();
    private final List<JobTopology.Edge> edges = new ArrayList<>();
    private final List<SubtaskLoad> subtasks = new ArrayList<>();
    private final List<EdgeLoad> edgeLoads = new ArrayList<>();

    /** What one subtask does; it is idle for the rest of the time. */
    record Subtask(
            double busy, double soft, double hard, double cpu, long records, ProcessLoad process) {

        Subtask cpu(double share) {
            return new Subtask(busy, soft, hard, share, records, process);
        }

        Subtask records(long in) {
            return new Subtask(busy, soft, hard, cpu, in, process);
        }

        Subtask process(String taskManager, double gc, double machineCpu) {
            return new Subtask(
                    busy, soft, hard, cpu, records, new ProcessLoad(taskManager, gc, machineCpu));
        }
    }

    static Subtask busy(double busy) {
        return new Subtask(busy, 0, 0, busy, 1000, TM_1);
    }

    static Subtask heldBack(double busy, double soft) {
        return new Subtask(busy, soft, 0, busy, 1000, TM_1);
    }

    static Subtask hard(double busy, double hard) {
        return new Subtask(busy, 0, hard, busy, 1000, TM_1);
    }

    TestingLoad vertex(String id, Subtask... loads) {
        vertices.add(new JobTopology.Vertex(id, id, Math.max(1, loads.length)));
        for (int i = 0; i < loads.length; i++) {
            subtask(id, i, 0, loads[i]);
        }
        return this;
    }

    TestingLoad subtask(String id, int index, int attempt, Subtask load) {
        subtasks.add(
                new SubtaskLoad(
                        id,
                        index,
                        attempt,
                        load.soft(),
                        load.hard(),
                        Math.max(0, 1 - load.busy() - load.soft() - load.hard()),
                        load.cpu(),
                        load.records(),
                        load.process()));
        return this;
    }

    /** Adds an edge for each two neighbours. */
    TestingLoad chain(String... ids) {
        for (int i = 1; i < ids.length; i++) {
            edges.add(new JobTopology.Edge(ids[i - 1], ids[i]));
        }
        return this;
    }

    TestingLoad tracked(String source, String target, double poolUsage, double blocked) {
        edgeLoads.add(new EdgeLoad(source, target, 0, poolUsage, blocked));
        return this;
    }

    Diagnosis diagnosis() {
        JobTopology topology = new JobTopology("job", "test", vertices, edges);
        return BackpressureCauses.of(new JobLoad(topology, 0, 1000, subtasks, edgeLoads));
    }
}
