package io.sluice.testkit.cluster;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JobManager and TaskManagers of a distribution, each a process of its own on this host.
 *
 * <p>A TaskManager is called {@code tm-1}, {@code tm-2}, ...: here, in its log file, and as its id
 * in the REST API. A name is not used twice. Not thread-safe.
 *
 * <p><b>Failures.</b> A process that ends by itself makes the next {@link #awaitReady} fail at once
 * with the end of its output. Closing leaves no process and no file.
 */
public final class LocalCluster implements AutoCloseable {

    private static final Duration READY_DEADLINE = Duration.ofSeconds(90);
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(20);
    private static final Duration SUBMIT_DEADLINE = Duration.ofMinutes(2);
    private static final Pattern JOB_ID = Pattern.compile("JobID ([0-9a-f]{32})");
    private static final String JOB_MANAGER = "jobmanager";

    private final Installation installation;
    private final boolean ownsSandbox;
    private final Map<String, String> environment;
    private final Await polling;
    private final FlinkRest rest;

    private final Map<String, LaunchedProcess> processes = new LinkedHashMap<>();
    private int taskManagersStarted;

    private LocalCluster(
            Installation installation,
            boolean ownsSandbox,
            Map<String, String> environment,
            Await polling) {
        this.installation = installation;
        this.ownsSandbox = ownsSandbox;
        this.environment = Map.copyOf(environment);
        this.polling = polling;
        this.rest = installation.rest();
    }

    /** Returns a builder of one JobManager and one TaskManager with one slot. */
    public static Builder of(Distribution distribution) {
        return new Builder(distribution);
    }

    /** Waits until the JobManager answers and {@code slots} are registered. */
    public void awaitReady(int slots) throws InterruptedException {
        awaitReady(slots, READY_DEADLINE);
    }

    /**
     * Waits until the JobManager answers and {@code slots} are registered.
     *
     * @throws GiveUpException as soon as one of the processes has ended
     */
    public void awaitReady(int slots, Duration deadline) throws InterruptedException {
        polling.until(
                "%d registered slots at %s".formatted(slots, rest.base()),
                deadline,
                () -> {
                    processes.values().forEach(LaunchedProcess::requireAlive);
                    return rest.overview();
                },
                overview -> overview.slotsTotal() >= slots);
    }

    public FlinkRest rest() {
        return rest;
    }

    public Installation installation() {
        return installation;
    }

    /** Returns {@code bin/<script>} with the configuration and environment of this cluster. */
    public Command command(String script, String... arguments) {
        return installation.command(script, arguments).env(environment);
    }

    /**
     * Runs {@code flink run --detached} with a jar and its arguments, and returns the job's id.
     *
     * @throws IllegalStateException if the client fails, with its outputs
     */
    public String submit(Path jar, String... arguments) throws InterruptedException {
        return submit(List.of(), jar, arguments);
    }

    /**
     * As {@link #submit(Path, String...)}, with options of {@code flink run} such as {@code -s}.
     */
    public String submit(List<String> options, Path jar, String... arguments)
            throws InterruptedException {
        Command.Result result =
                command("flink", "run", "--detached")
                        .args(options.toArray(String[]::new))
                        .args(jar.toString())
                        .args(arguments)
                        .run(SUBMIT_DEADLINE)
                        .requireSuccess();
        Matcher jobId = JOB_ID.matcher(result.stdout());
        if (!jobId.find()) {
            throw new IllegalStateException(
                    "'%s' printed no job id, but: %s".formatted(result.command(), result.stdout()));
        }
        return jobId.group(1);
    }

    public LaunchedProcess jobManager() {
        return process(JOB_MANAGER);
    }

    public LaunchedProcess taskManager(String name) {
        return process(name);
    }

    /** Returns the names of the TaskManagers that were started and not stopped since. */
    public List<String> taskManagers() {
        return processes.keySet().stream().filter(name -> !name.equals(JOB_MANAGER)).toList();
    }

    /** Starts the JobManager again after it was stopped or killed, at the same address. */
    public LaunchedProcess startJobManager() {
        if (processes.containsKey(JOB_MANAGER)) {
            throw new IllegalStateException(
                    "%s runs already.".formatted(processes.get(JOB_MANAGER)));
        }
        return start(JOB_MANAGER, command("jobmanager.sh", "start-foreground"));
    }

    /** Starts one more TaskManager and returns its process, whose name is the TaskManager's. */
    public LaunchedProcess startTaskManager() {
        String name = "tm-" + ++taskManagersStarted;
        return start(
                name,
                command("taskmanager.sh", "start-foreground", "-Dtaskmanager.resource-id=" + name));
    }

    private LaunchedProcess start(String name, Command command) {
        LaunchedProcess process = command.start(name);
        processes.put(name, process);
        return process;
    }

    /** Sends SIGKILL to the JobManager; returns when it is gone. */
    public void killJobManager() throws InterruptedException {
        process(JOB_MANAGER).kill();
        processes.remove(JOB_MANAGER);
    }

    /** Sends SIGTERM to the JobManager, and SIGKILL if it does not end. */
    public void stopJobManager() throws InterruptedException {
        process(JOB_MANAGER).stop(STOP_DEADLINE);
        processes.remove(JOB_MANAGER);
    }

    /** Sends SIGKILL to a TaskManager; returns when it is gone. */
    public void killTaskManager(String name) throws InterruptedException {
        process(name).kill();
        processes.remove(name);
    }

    /** Sends SIGTERM to a TaskManager, and SIGKILL if it does not end. */
    public void stopTaskManager(String name) throws InterruptedException {
        process(name).stop(STOP_DEADLINE);
        processes.remove(name);
    }

    private LaunchedProcess process(String name) {
        LaunchedProcess process = processes.get(name);
        if (process == null) {
            throw new IllegalArgumentException(
                    "There is no process '%s'. Running: %s.".formatted(name, processes.keySet()));
        }
        return process;
    }

    /** Sends SIGTERM to all, and SIGKILL to those that do not end. The sandbox stays. */
    public void stop() throws InterruptedException {
        processes.values().forEach(LaunchedProcess::requestStop);
        for (String name : List.copyOf(processes.keySet())) {
            process(name).stop(STOP_DEADLINE);
            processes.remove(name);
        }
    }

    /** Stops all and deletes the sandbox, unless the caller brought it. Idempotent. */
    @Override
    public void close() {
        processes.values().forEach(LaunchedProcess::requestStop);
        processes.values().forEach(LaunchedProcess::close);
        processes.clear();
        if (ownsSandbox) {
            installation.sandbox().close();
        }
    }

    /** What to start. */
    public static final class Builder {

        private final Distribution distribution;
        private final Map<String, String> config = new TreeMap<>();
        private final Map<String, String> environment = new TreeMap<>();
        private int taskManagers = 1;
        private Await polling = Await.every(Duration.ofMillis(50));
        private @Nullable Sandbox sandbox;

        private Builder(Distribution distribution) {
            this.distribution = distribution;
        }

        public Builder taskManagers(int count) {
            this.taskManagers = count;
            return this;
        }

        public Builder slotsPerTaskManager(int slots) {
            return config("taskmanager.numberOfTaskSlots", Integer.toString(slots));
        }

        /** Sets an entry of {@code config.yaml}. */
        public Builder config(String key, String value) {
            config.put(key, value);
            return this;
        }

        public Builder config(Map<String, String> entries) {
            config.putAll(entries);
            return this;
        }

        /** Sets a variable for all processes and commands of the cluster. */
        public Builder env(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /** Uses a sandbox that outlives the cluster; the caller closes it. */
        public Builder sandbox(Sandbox sandbox) {
            this.sandbox = sandbox;
            return this;
        }

        /** Sets how {@link LocalCluster#awaitReady} polls; every 50 ms unless set. */
        public Builder polling(Await polling) {
            this.polling = polling;
            return this;
        }

        /** Starts the processes and returns without waiting for them. */
        public LocalCluster start() {
            if (taskManagers < 0) {
                throw new IllegalArgumentException(
                        "taskManagers=%d: it must not be negative".formatted(taskManagers));
            }
            boolean ownsSandbox = sandbox == null;
            Sandbox home = sandbox == null ? Sandbox.create() : sandbox;
            LocalCluster cluster = null;
            try {
                Installation installation = new Installation(distribution, home, config);
                cluster = new LocalCluster(installation, ownsSandbox, environment, polling);
                cluster.startJobManager();
                for (int i = 0; i < taskManagers; i++) {
                    cluster.startTaskManager();
                }
                return cluster;
            } catch (RuntimeException e) {
                if (cluster != null) {
                    cluster.close();
                } else if (ownsSandbox) {
                    home.close();
                }
                throw e;
            }
        }
    }
}
