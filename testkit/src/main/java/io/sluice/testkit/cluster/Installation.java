package io.sluice.testkit.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A distribution with a configuration of its own: every script that runs from here reads and writes
 * inside one sandbox, listens on the loopback address, and uses ports that were free.
 *
 * <p>Start-up archives are used and never made ({@code SLUICE_CDS=use}); {@link Command#env}
 * changes that, as all else, for one command.
 */
public final class Installation {

    private final Distribution distribution;
    private final Sandbox sandbox;
    private final Map<String, String> config;

    /**
     * Copies the distribution's {@code conf/} into the sandbox.
     *
     * @param overrides win over the distribution's entries and over those of the sandbox
     */
    public Installation(Distribution distribution, Sandbox sandbox, Map<String, String> overrides) {
        this.distribution = distribution;
        this.sandbox = sandbox;
        Map<String, String> entries = new TreeMap<>(insideSandbox(sandbox));
        entries.putAll(overrides);
        this.config = Map.copyOf(entries);
        ConfigFile.copy(distribution.conf(), sandbox.conf(), config);
    }

    private static Map<String, String> insideSandbox(Sandbox sandbox) {
        List<Integer> ports = FreePorts.pick(2);
        return Map.ofEntries(
                Map.entry("jobmanager.rpc.address", "localhost"),
                Map.entry("jobmanager.rpc.port", ports.get(0).toString()),
                Map.entry("jobmanager.bind-host", "localhost"),
                Map.entry("taskmanager.host", "localhost"),
                Map.entry("taskmanager.bind-host", "localhost"),
                Map.entry("rest.address", "localhost"),
                Map.entry("rest.bind-address", "localhost"),
                Map.entry("rest.port", ports.get(1).toString()),
                Map.entry("web.upload.dir", sandbox.directory("upload").toString()),
                Map.entry("execution.checkpointing.dir", sandbox.checkpoints().toUri().toString()),
                Map.entry(
                        "execution.checkpointing.savepoint-dir",
                        sandbox.savepoints().toUri().toString()));
    }

    public Distribution distribution() {
        return distribution;
    }

    public Sandbox sandbox() {
        return sandbox;
    }

    /** Returns the directory that {@code FLINK_CONF_DIR} names. */
    public Path conf() {
        return sandbox.conf();
    }

    /** Returns the entries that differ from the distribution's {@code config.yaml}. */
    public Map<String, String> config() {
        return config;
    }

    /** Returns {@code bin/<script>} with this configuration; run or start it. */
    public Command command(String script, String... arguments) {
        return command(distribution.script(script), arguments);
    }

    /** Returns any other program, with the environment that the scripts get. */
    public Command command(Path program, String... arguments) {
        return Command.of(sandbox, program, arguments)
                .env(
                        Map.of(
                                "FLINK_CONF_DIR", sandbox.conf().toString(),
                                "FLINK_LOG_DIR", sandbox.log().toString(),
                                "FLINK_PID_DIR", sandbox.pid().toString(),
                                "TMPDIR", sandbox.tmp().toString(),
                                "SLUICE_CDS", "use"));
    }

    /**
     * Returns the process ids in the pid file of a daemon, in the order of their starts; empty
     * without a file. {@code name} is as in file names: {@code taskexecutor}.
     */
    public List<Long> daemonPids(String name) {
        try (Stream<Path> files = Files.list(sandbox.pid())) {
            Optional<Path> pidFile =
                    files.filter(file -> file.toString().endsWith("-%s.pid".formatted(name)))
                            .findFirst();
            return pidFile.isEmpty()
                    ? List.of()
                    : Files.readAllLines(pidFile.get()).stream().map(Long::valueOf).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the pid files of '%s'.".formatted(name), e);
        }
    }

    /** Returns a client of the JobManager that this configuration describes. */
    public FlinkRest rest() {
        return new FlinkRest(URI.create("http://localhost:%s".formatted(config.get("rest.port"))));
    }
}
