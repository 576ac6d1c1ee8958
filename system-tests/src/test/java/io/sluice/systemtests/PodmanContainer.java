package io.sluice.systemtests;

import io.sluice.testkit.cluster.Command;
import io.sluice.testkit.cluster.LaunchedProcess;
import io.sluice.testkit.cluster.LinuxProcess;
import io.sluice.testkit.cluster.Sandbox;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A container that runs in the foreground of podman, on the host's network. Closing it removes it.
 *
 * <p>Nothing outlives the test for long: podman ends a container after {@link #LONGEST_LIFE},
 * whatever became of this JVM, and removes it.
 */
final class PodmanContainer implements AutoCloseable {

    private static final Duration LONGEST_LIFE = Duration.ofMinutes(10);
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Path PODMAN = Path.of("podman");

    /** runc and cgroupfs: podman's defaults want systemd and kernels that virtual machines lack. */
    private static final List<String> EVERY_CALL =
            List.of("--runtime", "runc", "--cgroup-manager", "cgroupfs");

    private static final List<String> EVERY_RUN =
            List.of(
                    "--rm",
                    "--network=host",
                    "--pull=never",
                    "--ulimit=nofile=20000:20000",
                    "--ulimit=nproc=32768:32768",
                    "--timeout=" + LONGEST_LIFE.toSeconds());

    private final Sandbox sandbox;
    private final String name;
    private final LaunchedProcess process;

    private PodmanContainer(Sandbox sandbox, String name, LaunchedProcess process) {
        this.sandbox = sandbox;
        this.name = name;
        this.process = process;
    }

    /** Fails if podman, its runtime or the image is missing. */
    static void requireImage(Sandbox sandbox, String image) throws InterruptedException {
        if (!onPath("podman") || !onPath("runc")) {
            throw new IllegalStateException(
                    "The image is tested with podman and runc, and one of them is not on the PATH. On Debian: apt-get install --no-install-recommends buildah podman runc debootstrap");
        }
        Command.Result exists = podman(sandbox, "image", "exists", image).run(DEADLINE);
        if (exists.exitCode() != 0) {
            throw new IllegalStateException(
                    "podman has no image '%s'. Build it with dist/image/build.sh --engine podman --tag %s. %s"
                            .formatted(image, image, exists.stderr()));
        }
    }

    private static boolean onPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    /** Returns what to start or run. */
    static Builder of(Sandbox sandbox, String image) {
        return new Builder(sandbox, image);
    }

    private static Command podman(Sandbox sandbox, String... arguments) {
        return Command.of(sandbox, PODMAN, EVERY_CALL.toArray(String[]::new)).args(arguments);
    }

    /** Returns the process whose output is the container's, and whose exit code too. */
    LaunchedProcess process() {
        return process;
    }

    /** Returns the first process inside, as this host sees it. */
    LinuxProcess firstProcess() throws InterruptedException {
        return new LinuxProcess(Long.parseLong(inspect("{{.State.Pid}}")));
    }

    private String inspect(String format) throws InterruptedException {
        return podman(sandbox, "container", "inspect", "--format", format, name)
                .run(DEADLINE)
                .requireSuccess()
                .stdout()
                .strip();
    }

    /** Returns a command inside the container. */
    Command exec(String... command) {
        return podman(sandbox, "exec", name).args(command);
    }

    /** Stops and removes it. Idempotent. */
    @Override
    public void close() {
        try {
            podman(sandbox, "rm", "--force", "--ignore", "--time=10", name)
                    .run(DEADLINE)
                    .requireSuccess();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.close();
        }
    }

    /** Options of a container. */
    static final class Builder {

        private final Sandbox sandbox;
        private final String image;
        private final List<String> volumes = new ArrayList<>();
        private final Map<String, String> environment = new TreeMap<>();
        private List<String> entryPoint = List.of();

        private Builder(Sandbox sandbox, String image) {
            this.sandbox = sandbox;
            this.image = image;
        }

        Builder env(String name, String value) {
            environment.put(name, value);
            return this;
        }

        Builder env(Map<String, String> variables) {
            environment.putAll(variables);
            return this;
        }

        /** Replaces the image's own, as {@code command} does in a pod. */
        Builder entryPoint(String program) {
            entryPoint = List.of("--entrypoint=" + program);
            return this;
        }

        Builder readOnly(Path source, String target) {
            volumes.add("--volume=%s:%s:ro".formatted(source, target));
            return this;
        }

        Builder writable(Path source, String target) {
            volumes.add("--volume=%s:%s".formatted(source, target));
            return this;
        }

        /** Starts it and returns; {@code name} is its own on this host, with the sandbox's. */
        PodmanContainer start(String name, List<String> arguments) {
            String unique = nameOf(name);
            return new PodmanContainer(sandbox, unique, command(unique, arguments).start(name));
        }

        /** Runs it to its end. */
        Command.Result run(String name, List<String> arguments) throws InterruptedException {
            return command(nameOf(name), arguments).run(DEADLINE);
        }

        private String nameOf(String name) {
            return "%s-%s".formatted(sandbox.root().getFileName(), name);
        }

        private Command command(String name, List<String> arguments) {
            List<String> line = new ArrayList<>(EVERY_RUN);
            line.add("--name=" + name);
            line.addAll(entryPoint);
            line.addAll(volumes);
            environment.forEach((key, value) -> line.add("--env=%s=%s".formatted(key, value)));
            line.add(image);
            line.addAll(arguments);
            return podman(sandbox, "run").args(line.toArray(String[]::new));
        }
    }
}
