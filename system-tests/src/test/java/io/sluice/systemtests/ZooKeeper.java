package io.sluice.systemtests;

import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.FreePorts;
import io.sluice.testkit.cluster.Installation;
import io.sluice.testkit.cluster.LaunchedProcess;
import io.sluice.testkit.cluster.Sandbox;

import java.nio.file.Path;
import java.util.Map;

/** A ZooKeeper server in a process of its own, from the jar that Flink has its client from. */
final class ZooKeeper implements AutoCloseable {

    private static final String MAIN =
            "org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.ZooKeeperServerMain";

    private final Sandbox sandbox;
    private final LaunchedProcess process;
    private final int port;

    private ZooKeeper(Sandbox sandbox, LaunchedProcess process, int port) {
        this.sandbox = sandbox;
        this.process = process;
        this.port = port;
    }

    /** Starts one; clients wait until it answers. */
    static ZooKeeper start() {
        Sandbox sandbox = Sandbox.create();
        try {
            Installation installation =
                    new Installation(Distribution.fromSystemProperty(), sandbox, Map.of());
            int port = FreePorts.pick(1).get(0);
            LaunchedProcess process =
                    installation
                            .command(Path.of(System.getProperty("java.home"), "bin", "java"))
                            .args(
                                    "-Xmx64m",
                                    "-cp",
                                    installation.distribution().lib().resolve("*").toString(),
                                    MAIN,
                                    Integer.toString(port),
                                    sandbox.directory("zookeeper").toString())
                            .start("zookeeper");
            return new ZooKeeper(sandbox, process, port);
        } catch (RuntimeException e) {
            sandbox.close();
            throw e;
        }
    }

    String address() {
        return "localhost:" + port;
    }

    /** Where Flink puts what it only keeps references to in ZooKeeper. */
    Path storage() {
        return sandbox.directory("high-availability");
    }

    @Override
    public void close() {
        process.close();
        sandbox.close();
    }
}
