package io.sluice.runtime.launch;

import org.apache.flink.client.cli.CliFrontend;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.rpc.RpcSystem;
import org.apache.flink.util.ExceptionUtils;

import io.sluice.runtime.entrypoint.ExtendedTaskManager;
import io.sluice.runtime.entrypoint.SessionJobManager;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Loads the classes that JobManager, TaskManager and client load at their start, for the JVM to
 * write them into a class data archive at its exit.
 *
 * <p>{@code StartupTraining WORK_DIRECTORY EXAMPLES_DIRECTORY} runs the real main classes of both
 * processes in this one JVM, on free ports of the loopback interface, then a short job from the
 * command-line client. Exit code 0 only if the job succeeded. At the end it links the classes of
 * the RPC system that are loaded and not linked: see {@link LoadedClasses}.
 */
public final class StartupTraining {

    private static final Duration DEADLINE = Duration.ofSeconds(90);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

    private StartupTraining() {}

    public static void main(String[] args) {
        int exitCode = 1;
        try {
            exitCode = train(args);
        } catch (Exception e) {
            System.err.println(ExceptionUtils.stringifyException(e));
        } finally {
            // The threads of the cluster would keep the JVM alive.
            System.exit(exitCode);
        }
    }

    private static int train(String... args) throws Exception {
        Path work = Path.of(args[0]);
        Path job = Path.of(args[1], "word-count.jar");
        Path conf = writeConfiguration(work);

        Configuration configuration = GlobalConfiguration.loadConfiguration(conf.toString());
        String[] jobManagerArguments =
                processArguments(ProcessKind.JOBMANAGER, conf, configuration);
        String[] taskManagerArguments =
                processArguments(ProcessKind.TASKMANAGER, conf, configuration);
        startInThread("jobmanager", () -> SessionJobManager.main(jobManagerArguments));
        startInThread("taskmanager", () -> ExtendedTaskManager.main(taskManagerArguments));
        awaitSlot(configuration);

        int exitCode = runJob(work, job, conf, configuration);
        LoadedClasses.link((URLClassLoader) RpcSystem.load().getClass().getClassLoader());
        return exitCode;
    }

    private static Path writeConfiguration(Path work) throws IOException {
        int[] ports = freePorts();
        Path conf = Files.createDirectories(work.resolve("conf"));
        Files.write(
                conf.resolve("config.yaml"),
                List.of(
                        "jobmanager.rpc.address: localhost",
                        "jobmanager.bind-host: localhost",
                        "jobmanager.rpc.port: " + ports[0],
                        "rest.address: localhost",
                        "rest.bind-address: localhost",
                        "rest.port: " + ports[1],
                        "taskmanager.host: localhost",
                        "taskmanager.bind-host: localhost",
                        // Or Flink looks up the host's name, which an image build cannot resolve.
                        "taskmanager.resource-id: training",
                        "taskmanager.numberOfTaskSlots: 2",
                        "jobmanager.memory.process.size: 1g",
                        "taskmanager.memory.process.size: 1g",
                        "execution.checkpointing.interval: 200ms",
                        "execution.checkpointing.dir: " + work.resolve("checkpoints").toUri(),
                        "state.backend.type: rocksdb",
                        "state.backend.incremental: true",
                        "io.tmp.dirs: " + work));
        return conf;
    }

    /** Both at once, so that they differ. */
    private static int[] freePorts() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket first = new ServerSocket(0, 1, loopback);
                ServerSocket second = new ServerSocket(0, 1, loopback)) {
            return new int[] {first.getLocalPort(), second.getLocalPort()};
        }
    }

    /** What the scripts pass: a TaskManager does not start without its memory planned. */
    private static String[] processArguments(
            ProcessKind kind, Path conf, Configuration configuration) {
        List<String> arguments = new ArrayList<>(List.of("--configDir", conf.toString()));
        arguments.addAll(LaunchPlan.of(kind, configuration, Map.of()).programArguments());
        return arguments.toArray(String[]::new);
    }

    private interface Main {
        void run() throws Exception;
    }

    private static void startInThread(String name, Main main) {
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                main.run();
                            } catch (Exception e) {
                                throw new IllegalStateException(name + " failed", e);
                            }
                        },
                        name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void awaitSlot(Configuration configuration) throws InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest overview =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://localhost:%s/overview"
                                                .formatted(configuration.get(RestOptions.PORT))))
                        .build();
        long deadlineNanos = System.nanoTime() + DEADLINE.toNanos();
        while (System.nanoTime() < deadlineNanos) {
            try {
                HttpResponse<String> response =
                        client.send(overview, HttpResponse.BodyHandlers.ofString());
                if (response.body().contains("\"slots-total\":2")) {
                    return;
                }
            } catch (IOException e) {
                // Not listening yet.
            }
            Thread.sleep(POLL_INTERVAL.toMillis());
        }
        throw new LaunchException(
                "The training cluster did not start in %d s.".formatted(DEADLINE.toSeconds()));
    }

    private static int runJob(Path work, Path job, Path conf, Configuration configuration)
            throws IOException {
        Path words = work.resolve("words.txt");
        Files.writeString(words, "to be or not to be\n".repeat(1_000));
        CliFrontend client =
                new CliFrontend(
                        configuration,
                        CliFrontend.loadCustomCommandLines(configuration, conf.toString()));
        return client.parseAndRun(
                new String[] {
                    "run",
                    job.toString(),
                    "--bounded",
                    "--input",
                    words.toString(),
                    "--output",
                    work.resolve("counts").toString()
                });
    }
}
