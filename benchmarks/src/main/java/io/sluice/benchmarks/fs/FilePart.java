package io.sluice.benchmarks.fs;

import org.apache.flink.core.fs.Path;

import io.sluice.benchmarks.comparison.Pairs;
import io.sluice.testkit.cluster.Sandbox;
import io.sluice.testkit.server.HdfsServer;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/**
 * Reads, writes and lists through the binding and through the plain scheme, in this process.
 *
 * @param sandbox for a server
 */
record FilePart(Sandbox sandbox, FsOptions options) {

    private static final int WARM_UP_PAIRS = 10;

    /**
     * What was measured.
     *
     * @param throughput operations a second, of the binding and of the plain scheme
     * @param locatedList calls for a list of 500 files with where their blocks are
     */
    record Measured(Map<FileWork, Pairs> throughput, Map<Scheme, Calls> locatedList) {}

    Measured measure() throws IOException, InterruptedException {
        Scheme.initialize();
        TurnTaking turns = new TurnTaking(System::nanoTime);
        Map<FileWork, Pairs> throughput = new EnumMap<>(FileWork.class);
        Map<Scheme, Calls> locatedList = new EnumMap<>(Scheme.class);
        try (HdfsServer files = HdfsServer.builder(sandbox, "files").start()) {
            for (FileWork work : FileWork.values()) {
                Path ours = directory(files, Scheme.BINDING, work);
                Path theirs = directory(files, Scheme.PLAIN, work);
                work.prepare(ours);
                work.prepare(theirs);
                turns.measure(() -> work.once(ours), () -> work.once(theirs), WARM_UP_PAIRS);
                throughput.put(
                        work,
                        turns.measure(
                                () -> work.once(ours), () -> work.once(theirs), options.pairs()));
            }
            for (Scheme scheme : Scheme.values()) {
                Calls before = new Calls(files.nameNodeCalls());
                FileWork.listWithLocations(directory(files, scheme, FileWork.LIST));
                locatedList.put(scheme, new Calls(files.nameNodeCalls()).since(before));
            }
        }
        return new Measured(throughput, locatedList);
    }

    private static Path directory(HdfsServer files, Scheme scheme, FileWork work) {
        return scheme.path(files, "/%s/%s".formatted(scheme, work));
    }
}
