package io.sluice.demo;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;

import io.sluice.examples.nexmark.AuctionLedgerJob;
import io.sluice.testkit.cluster.FlinkRest;
import io.sluice.testkit.cluster.FlinkRest.RestException;
import io.sluice.testkit.cluster.SubtaskMetric;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Reads the metrics of the ledger job through the REST API, and remembers them. */
final class Sampler {

    private static final long RATE_MILLIS = 2000;

    private static final String RECORDS = "numRecordsIn";
    private static final String PAUSE =
            AuctionLedgerJob.OPERATOR + "." + AuctionLedgerJob.PAUSE_METRIC;
    private static final List<String> STOCK_METRICS = List.of(RECORDS, PAUSE);
    private static final List<String> ADAPTIVE_METRICS =
            Stream.concat(
                            STOCK_METRICS.stream(),
                            Stream.of(
                                            "keyGroupsOnHeap",
                                            "keyGroupsOnDisk",
                                            "keyGroupsMoving",
                                            "bytesOnHeap",
                                            "bytesOnDisk")
                                    .map(Sampler::adaptive))
                    .toList();
    private static final String HEAP_USED = "Status.JVM.Memory.Heap.Used";
    private static final String HEAP_MAX = "Status.JVM.Memory.Heap.Max";

    private final FlinkRest rest;
    private final String job;
    private final String vertex;
    private final List<String> metrics;
    private final List<Sample> samples = new ArrayList<>();

    private String taskManager;
    private long killedRecords = -1;
    private int firstOfAttempt;

    /**
     * @param adaptive whether the state backend is: Flink answers nothing if one metric is missing
     */
    Sampler(FlinkRest rest, String job, String taskManager, boolean adaptive)
            throws InterruptedException {
        this.metrics = adaptive ? ADAPTIVE_METRICS : STOCK_METRICS;
        this.rest = rest;
        this.job = job;
        this.vertex = rest.job(job).vertex(AuctionLedgerJob.OPERATOR).id();
        this.taskManager = taskManager;
    }

    private static String adaptive(String metric) {
        return AuctionLedgerJob.OPERATOR + ".adaptive." + metric;
    }

    /** Says that the TaskManager was killed: its numbers stay in the REST API for a while. */
    void killed(String successor) {
        killedRecords = samples.isEmpty() ? 0 : last().records();
        taskManager = successor;
    }

    Sample take() throws InterruptedException {
        Map<String, SubtaskMetric> found = rest.subtaskMetrics(job, vertex, metrics);
        Map<String, Long> heap = heap();
        long records = sum(found, RECORDS);
        long now = System.currentTimeMillis();
        if (killedRecords >= 0 && records != killedRecords && records > 0) {
            killedRecords = -1;
            firstOfAttempt = samples.size();
        }
        boolean live = killedRecords < 0 && found.containsKey(RECORDS);
        Sample sample =
                new Sample(
                        now,
                        live,
                        records,
                        live ? rate(now, records) : 0,
                        (int) sum(found, adaptive("keyGroupsOnHeap")),
                        (int) sum(found, adaptive("keyGroupsOnDisk")),
                        (int) sum(found, adaptive("keyGroupsMoving")),
                        sum(found, adaptive("bytesOnHeap")),
                        sum(found, adaptive("bytesOnDisk")),
                        live ? max(found, PAUSE) : 0,
                        heap.getOrDefault(HEAP_USED, 0L),
                        heap.getOrDefault(HEAP_MAX, 0L),
                        rest.checkpoints(job).completed());
        samples.add(sample);
        return sample;
    }

    private double rate(long now, long records) {
        Sample since = null;
        for (int i = samples.size() - 1; i >= firstOfAttempt; i--) {
            Sample sample = samples.get(i);
            if (!sample.live() || sample.records() > records) {
                break;
            }
            since = sample;
            if (now - sample.atMillis() >= RATE_MILLIS) {
                break;
            }
        }
        return since == null
                ? 0
                : 1000.0 * (records - since.records()) / Math.max(1, now - since.atMillis());
    }

    private Map<String, Long> heap() throws InterruptedException {
        JsonNode metrics;
        try {
            metrics =
                    rest.get(
                            "/taskmanagers/%s/metrics?get=%s,%s"
                                    .formatted(taskManager, HEAP_USED, HEAP_MAX));
        } catch (RestException e) {
            // It is not registered yet.
            return Map.of();
        }
        Map<String, Long> values = new HashMap<>();
        metrics.forEach(
                metric -> values.put(metric.path("id").asText(), metric.path("value").asLong()));
        return values;
    }

    private static long sum(Map<String, SubtaskMetric> metrics, String name) {
        SubtaskMetric metric = metrics.get(name);
        return metric == null ? 0 : (long) metric.sum();
    }

    private static long max(Map<String, SubtaskMetric> metrics, String name) {
        SubtaskMetric metric = metrics.get(name);
        return metric == null ? 0 : (long) metric.max();
    }

    List<Sample> samples() {
        return List.copyOf(samples);
    }

    private Sample last() {
        return samples.get(samples.size() - 1);
    }

    long longestPauseMillis() {
        return samples.stream().mapToLong(Sample::longestPauseMillis).max().orElse(0);
    }

    /** Returns the latest numbers for the progress line. */
    String progress() {
        @Nullable Sample now = samples.isEmpty() ? null : last();
        if (now == null || !now.live()) {
            return "";
        }
        String heap =
                now.heapMaxBytes() == 0
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                ", heap %.0f of %.0f MiB",
                                mebibytes(now.heapUsedBytes()),
                                mebibytes(now.heapMaxBytes()));
        String tiers =
                now.groups() == 0
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                ", on disk %d of %d key groups, %.0f %% of the state",
                                now.groupsOnDisk(),
                                now.groups(),
                                100 * now.diskShare());
        return String.format(
                Locale.ROOT,
                ": %,.0f events/s%s%s, longest pause %d ms",
                now.recordsPerSecond(),
                heap,
                tiers,
                longestPauseMillis());
    }

    static double mebibytes(long bytes) {
        return bytes / (1024.0 * 1024);
    }
}
