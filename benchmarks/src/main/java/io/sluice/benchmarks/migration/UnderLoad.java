package io.sluice.benchmarks.migration;

import org.apache.flink.configuration.Configuration;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import io.sluice.benchmarks.backend.RocksTuning;
import io.sluice.benchmarks.backend.Subject;
import io.sluice.state.adaptive.AdaptiveStateOptions;
import io.sluice.state.adaptive.control.BackendStatus;
import io.sluice.state.adaptive.control.StateControl;
import io.sluice.state.adaptive.placement.Tier;
import io.sluice.testkit.cluster.Sandbox;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * A JVM that moves the state of a job under a steady load at the default pace, and records what
 * records feel of it. Arguments: directory, keys, cycles, seconds of rest, file of results.
 *
 * <p>First it measures how many records a second the job can process with stock RocksDB; the load
 * is 60 % of that. Then, with our backend, by turns: rest on heap, move out, rest on disk, move in.
 * The first cycle warms up. A move counts until shortly after its end, for the backlog that it
 * leaves.
 */
final class UnderLoad {

    private static final double LOAD = 0.6;
    private static final Duration CALIBRATION = Duration.ofSeconds(6);
    private static final Duration SETTLING = Duration.ofSeconds(2);
    private static final Duration AFTER_MOVE = Duration.ofMillis(200);
    private static final long POLL_MILLIS = 2;

    private final int keys;
    private final int cycles;
    private final Duration rest;
    private final Results results = new Results();

    private UnderLoad(int keys, int cycles, Duration rest) {
        this.keys = keys;
        this.cycles = cycles;
        this.rest = rest;
    }

    public static void main(String[] args) throws Exception {
        UnderLoad measured =
                new UnderLoad(
                        Integer.parseInt(args[1]),
                        Integer.parseInt(args[2]),
                        Duration.ofSeconds(Integer.parseInt(args[3])));
        try (Sandbox sandbox = Sandbox.create(Files.createDirectories(Path.of(args[0])))) {
            double capacity = measured.capacity(sandbox.directory("stock"));
            measured.move(sandbox.directory("ours"), LOAD * capacity);
        }
        measured.results.write(Path.of(args[4]));
        // Flink leaves threads behind.
        System.exit(0);
    }

    /** Returns how many records a second the job processes with stock RocksDB. */
    private double capacity(Path directory) throws Exception {
        Configuration config = Subject.STOCK_DISK.in(RocksTuning.in(directory));
        try (LoadJob job = LoadJob.start(config, keys)) {
            job.awaitFilled();
            Thread.sleep(SETTLING.toMillis());
            Window window = LoadJob.record();
            Thread.sleep(CALIBRATION.toMillis());
            double capacity = LoadJob.stop(window).recordsASecond();
            System.out.printf(
                    "  Stock RocksDB processes %.0f records a second; the load is %.0f.%n",
                    capacity, LOAD * capacity);
            results.root().put("stockRocksDbPerSecond", capacity).put("load", LOAD * capacity);
            return capacity;
        }
    }

    private void move(Path directory, double rate) throws Exception {
        Configuration config = Subject.OURS_ON_HEAP.in(RocksTuning.in(directory));
        try (LoadJob job = LoadJob.start(config, keys)) {
            job.awaitFilled();
            LoadJob.setRate(rate);
            cycle(new Results().root().putArray("warmUp"));
            ArrayNode measured = results.root().putArray("cycles");
            for (int cycle = 0; cycle < cycles; cycle++) {
                cycle(measured);
                System.out.printf(
                        "  cycle %d of %d: %s%n", cycle + 1, cycles, summary(measured.get(cycle)));
            }
        }
    }

    private static String summary(JsonNode cycle) {
        StringBuilder text = new StringBuilder();
        for (String part : new String[] {"heap", "out", "disk", "in"}) {
            text.append(text.isEmpty() ? "" : "; ")
                    .append(
                            "%s %.1f s, p99.9 %.1f ms"
                                    .formatted(
                                            part,
                                            cycle.at("/" + part + "/seconds").asDouble(),
                                            cycle.at("/" + part + "/latenessMillis/p999")
                                                    .asDouble()));
        }
        return text.toString();
    }

    private void cycle(ArrayNode to) throws InterruptedException {
        Window onHeap = rest();
        Window out = move(Tier.DISK, status -> status.keyGroupsOnHeap() == 0);
        Window onDisk = rest();
        Window in = move(Tier.HEAP, status -> status.keyGroupsOnDisk() == 0);
        ObjectNode cycle = to.addObject();
        onHeap.addTo(cycle.putObject("heap"));
        out.addTo(cycle.putObject("out"));
        onDisk.addTo(cycle.putObject("disk"));
        in.addTo(cycle.putObject("in"));
    }

    private Window rest() throws InterruptedException {
        Window window = LoadJob.record();
        Thread.sleep(rest.toMillis());
        return LoadJob.stop(window);
    }

    private static Window move(Tier target, Predicate<BackendStatus> isThere)
            throws InterruptedException {
        Window window = LoadJob.record();
        StateControl control = StateControl.ofProcess();
        control.move(any -> true, target, 1.0, AdaptiveStateOptions.MOVE_SHARE.defaultValue());
        while (true) {
            BackendStatus status = control.list().get(0);
            if (status.movesFailed() > 0) {
                throw new IllegalStateException("A move failed: " + status.lastFailure());
            }
            if (status.keyGroupsMoving() == 0 && isThere.test(status)) {
                break;
            }
            Thread.sleep(POLL_MILLIS);
        }
        Thread.sleep(AFTER_MOVE.toMillis());
        return LoadJob.stop(window);
    }
}
