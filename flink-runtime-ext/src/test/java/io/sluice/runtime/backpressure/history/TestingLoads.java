package io.sluice.runtime.backpressure.history;

import io.sluice.runtime.backpressure.cause.BackpressureCauses;
import io.sluice.runtime.backpressure.load.Episode;
import io.sluice.runtime.backpressure.load.JobLoad;
import io.sluice.runtime.backpressure.load.JobTopology;
import io.sluice.runtime.backpressure.load.JobTopology.Edge;
import io.sluice.runtime.backpressure.load.JobTopology.Vertex;
import io.sluice.runtime.backpressure.load.LoadReport;
import io.sluice.runtime.backpressure.load.PeriodLoad;
import io.sluice.runtime.backpressure.load.PeriodLoad.JobPart;
import io.sluice.runtime.backpressure.load.ProcessLoad;
import io.sluice.runtime.backpressure.load.SubtaskLoad;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A job of a source and a sink, in which the sink holds the source back. */
final class TestingLoads {

    static final String JOB = "0000000000000000000000000000000a";
    static final String SOURCE = "00000000000000000000000000000001";
    static final String SINK = "00000000000000000000000000000002";
    static final long PERIOD_MILLIS = 5_000;

    static final JobTopology TOPOLOGY =
            new JobTopology(
                    JOB,
                    "job",
                    List.of(new Vertex(SOURCE, "source", 1), new Vertex(SINK, "sink", 1)),
                    List.of(new Edge(SOURCE, SINK)));

    private TestingLoads() {}

    /** The source in one TaskManager, held back for that share of the time. */
    static PeriodLoad source(long endMillis, String taskManager, double backpressured) {
        return period(endMillis, taskManager, SOURCE, backpressured, 0);
    }

    /** The sink in one TaskManager, idle for that share of the time. */
    static PeriodLoad sink(long endMillis, String taskManager, double idle) {
        return period(endMillis, taskManager, SINK, 0, idle);
    }

    private static PeriodLoad period(
            long endMillis, String taskManager, String vertex, double backpressured, double idle) {
        ProcessLoad process = new ProcessLoad(taskManager, 0, 0.5);
        return new PeriodLoad(
                endMillis,
                PERIOD_MILLIS,
                process,
                Map.of(
                        JOB,
                        new JobPart(
                                List.of(
                                        new SubtaskLoad(
                                                vertex,
                                                0,
                                                0,
                                                backpressured,
                                                0,
                                                idle,
                                                1 - idle,
                                                100,
                                                process)),
                                List.of(),
                                List.of())));
    }

    static LoadReport report(PeriodLoad... periods) {
        return new LoadReport(false, List.of(periods), List.of());
    }

    static LoadReport report(PeriodLoad period, Episode episode) {
        return new LoadReport(false, List.of(period), List.of(episode));
    }

    static Episode episode(String id, long startMillis, long durationMillis, boolean ongoing) {
        return new Episode(
                id, JOB, SOURCE, 0, 0, "tm-1", startMillis, durationMillis, ongoing, false, 0.9);
    }

    /** A row in which the sink holds the source back, where it is held back at all. */
    static PeriodRow row(long endMillis, double backpressured) {
        List<PeriodLoad> loads = new ArrayList<>();
        loads.add(source(endMillis, "tm-1", backpressured));
        loads.add(sink(endMillis, "tm-2", backpressured > 0 ? 0 : 0.9));
        JobLoad load = JobLoad.of(TOPOLOGY, loads);
        return PeriodRow.of(load, BackpressureCauses.of(load), List.of(SOURCE, SINK));
    }
}
