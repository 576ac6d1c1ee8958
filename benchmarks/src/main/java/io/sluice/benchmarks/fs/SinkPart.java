package io.sluice.benchmarks.fs;

import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.Sandbox;
import io.sluice.testkit.cluster.TaskManagerMemory;
import io.sluice.testkit.server.HdfsServer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the files of a sink cost, side by side without and with compaction. */
record SinkPart(Distribution distribution, Sandbox sandbox) {

    private static final int LINES_PER_SECOND = 4000;

    /** How many checkpoints' files become one, of each subtask. */
    static final int COMPACTED_CHECKPOINTS = 5;

    private static final int MEASURED_CHECKPOINTS = 2 * COMPACTED_CHECKPOINTS;
    private static final int WARM_UP = COMPACTED_CHECKPOINTS;

    /** Checkpoints until a file that is compacted is committed. */
    private static final int LAG = 2;

    /** A sink. */
    enum Sink {
        PLAIN_FILES(Scheme.PLAIN, 0),
        BINDING_FILES(Scheme.BINDING, 0),
        BINDING_COMPACTED(Scheme.BINDING, COMPACTED_CHECKPOINTS);

        private final Scheme scheme;
        private final int compactedCheckpoints;

        Sink(Scheme scheme, int compactedCheckpoints) {
            this.scheme = scheme;
            this.compactedCheckpoints = compactedCheckpoints;
        }

        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * What was measured.
     *
     * @param checkpoints during which it was
     * @param files that readers see more than before
     * @param bytes of them
     * @param writing calls during all the checkpoints
     * @param reading calls for reading all files that readers see after them
     * @param allFiles how many these are
     */
    record Measured(
            int checkpoints, long files, long bytes, Calls writing, Calls reading, long allFiles) {

        void addTo(ObjectNode json) {
            json.put("checkpoints", checkpoints)
                    .put("files", files)
                    .put("bytes", bytes)
                    .put("calls", writing.caused())
                    .put("filesRead", allFiles)
                    .put("callsOfReading", reading.caused());
            writing.byOperation().forEach(json.putObject("byOperation")::put);
        }

        double callsPerFile() {
            return (double) writing.caused() / files;
        }

        double callsPerCheckpoint() {
            return (double) writing.caused() / checkpoints;
        }
    }

    /** A running job. */
    private record Runner(String job, HdfsServer files) {}

    /**
     * What a reader sees.
     *
     * @param until calls before it looked
     * @param looking calls of its own
     */
    private record Seen(Calls until, Calls looking, int files, long bytes) {
        static final Seen NOTHING = new Seen(Calls.none(), Calls.none(), 0, 0);
    }

    Map<Sink, Measured> measure() throws IOException, InterruptedException {
        Scheme.initialize();
        Map<Sink, Runner> runners = new EnumMap<>(Sink.class);
        Map<Sink, Measured> measured = new EnumMap<>(Sink.class);
        Sandbox own = Sandbox.create(sandbox.root());
        try (TestCluster cluster =
                TestCluster.start(
                        distribution,
                        own,
                        Sink.values().length,
                        new TaskManagerMemory(512, 0),
                        // On disk of the JobManager: only the sinks call the NameNodes.
                        Map.of("state.backend.type", "hashmap"))) {
            for (Sink sink : Sink.values()) {
                runners.put(sink, start(cluster, own, sink));
            }
            checkpoint(cluster, runners.values(), WARM_UP + LAG);
            Map<Sink, Seen> before = look(runners);
            checkpoint(cluster, runners.values(), MEASURED_CHECKPOINTS);
            Map<Sink, Seen> after = look(runners);
            for (Runner runner : runners.values()) {
                cluster.cancel(runner.job);
            }
            for (Map.Entry<Sink, Runner> entry : runners.entrySet()) {
                Sink sink = entry.getKey();
                measured.put(
                        sink,
                        measured(
                                before.getOrDefault(sink, Seen.NOTHING),
                                after.getOrDefault(sink, Seen.NOTHING),
                                output(sink, entry.getValue().files),
                                entry.getValue().files));
            }
        } finally {
            runners.values().forEach(runner -> runner.files.close());
        }
        own.close();
        return measured;
    }

    private Runner start(TestCluster cluster, Sandbox own, Sink sink) throws InterruptedException {
        HdfsServer files = HdfsServer.builder(own, sink.label()).start();
        String job =
                cluster.submit(
                        SinkJob.class,
                        Map.of(),
                        List.of(
                                output(sink, files).toString(),
                                Integer.toString(LINES_PER_SECOND),
                                Integer.toString(sink.compactedCheckpoints)));
        return new Runner(job, files);
    }

    private static Path output(Sink sink, HdfsServer files) {
        return sink.scheme.path(files, "/output");
    }

    /** By turns, so that the sinks come to as many lines for each. */
    private static void checkpoint(TestCluster cluster, Collection<Runner> runners, int times)
            throws InterruptedException {
        for (int time = 0; time < times; time++) {
            for (Runner runner : runners) {
                cluster.checkpoint(runner.job);
            }
        }
    }

    /** Looks without being counted itself: the calls are those before it, or those after it. */
    private static Map<Sink, Seen> look(Map<Sink, Runner> runners)
            throws IOException, InterruptedException {
        Map<Sink, Seen> seen = new EnumMap<>(Sink.class);
        for (Map.Entry<Sink, Runner> entry : runners.entrySet()) {
            HdfsServer files = entry.getValue().files;
            Calls until = TestCluster.awaitQuiet(files);
            List<FileStatus> visible = visible(output(entry.getKey(), files));
            seen.put(
                    entry.getKey(),
                    new Seen(
                            until,
                            new Calls(files.nameNodeCalls()).since(until),
                            visible.size(),
                            bytes(visible)));
        }
        return seen;
    }

    private static Measured measured(Seen before, Seen after, Path output, HdfsServer files)
            throws IOException, InterruptedException {
        Calls beforeReading = TestCluster.awaitQuiet(files);
        List<FileStatus> all = visible(output);
        for (FileStatus file : all) {
            try (FSDataInputStream in = output.getFileSystem().open(file.getPath())) {
                in.read();
            }
        }
        return new Measured(
                MEASURED_CHECKPOINTS,
                after.files - before.files,
                after.bytes - before.bytes,
                after.until.since(before.until.plus(before.looking)),
                TestCluster.awaitQuiet(files).since(beforeReading),
                all.size());
    }

    private static List<FileStatus> visible(Path output) throws IOException {
        FileSystem files = output.getFileSystem();
        List<FileStatus> visible = new ArrayList<>();
        for (FileStatus file : files.listStatus(output)) {
            if (!file.getPath().getName().startsWith(".")) {
                visible.add(file);
            }
        }
        return visible;
    }

    private static long bytes(List<FileStatus> files) {
        return files.stream().mapToLong(FileStatus::getLen).sum();
    }
}
