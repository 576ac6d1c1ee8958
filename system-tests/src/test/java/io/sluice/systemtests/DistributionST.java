package io.sluice.systemtests;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;

import io.sluice.testkit.cluster.Command;
import io.sluice.testkit.cluster.Distribution;
import io.sluice.testkit.cluster.Sandbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** The scripts and the configuration, as files. */
class DistributionST {

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    /** The entries of Flink 2.3.0's own {@code config.yaml}; others differ from their defaults. */
    private static final Map<String, String> STOCK =
            Map.ofEntries(
                    Map.entry("jobmanager.rpc.address", "localhost"),
                    Map.entry("jobmanager.rpc.port", "6123"),
                    Map.entry("jobmanager.bind-host", "localhost"),
                    Map.entry("jobmanager.memory.process.size", "1600m"),
                    Map.entry("jobmanager.execution.failover-strategy", "region"),
                    Map.entry("taskmanager.bind-host", "localhost"),
                    Map.entry("taskmanager.host", "localhost"),
                    Map.entry("taskmanager.numberOfTaskSlots", "1"),
                    Map.entry("taskmanager.memory.process.size", "1728m"),
                    Map.entry("parallelism.default", "1"),
                    Map.entry("rest.address", "localhost"),
                    Map.entry("rest.bind-address", "localhost"));

    private final Distribution distribution = Distribution.fromSystemProperty();
    private final Sandbox sandbox = Sandbox.create();

    @AfterEach
    void deleteSandbox() {
        sandbox.close();
    }

    @Test
    void scriptsHaveStockNamesAndMayBeRun() throws Exception {
        List<Path> scripts = files(distribution.bin());

        assertThat(scripts).allMatch(Files::isExecutable);
        assertThat(scripts.stream().map(script -> script.getFileName().toString()))
                .containsExactlyInAnyOrder(
                        "docker-entrypoint.sh",
                        "flink",
                        "historyserver.sh",
                        "jobmanager.sh",
                        "kubernetes-jobmanager.sh",
                        "kubernetes-session.sh",
                        "kubernetes-taskmanager.sh",
                        "launch.sh",
                        "sql-client.sh",
                        "sql-gateway.sh",
                        "standalone-job.sh",
                        "start-cluster.sh",
                        "stop-cluster.sh",
                        "taskmanager.sh",
                        "train-cds.sh");
    }

    /** In lib/ there would be one Hadoop for all bindings, and another one for users' jars. */
    @Test
    void hadoopIsOnlyWhereEachBindingLoadsItsOwn() throws Exception {
        Path plugin = distribution.plugins().resolve("fs-multiconf");

        assertThat(artifactsIn(plugin)).containsExactly("flink-fs-multiconf");
        assertThat(artifactsIn(plugin.resolve("hadoop")))
                .containsExactly("flink-hadoop-fs", "hadoop-client-api", "hadoop-client-runtime");
        for (Path jar : files(distribution.lib())) {
            try (JarFile file = new JarFile(jar.toFile())) {
                assertThat(file.stream().map(entry -> entry.getName()))
                        .as(jar.toString())
                        .noneMatch(name -> name.startsWith("org/apache/hadoop/"));
            }
        }
    }

    @Test
    void fileSystemsThatUsersMoveElsewhereAreOptional() throws Exception {
        assertThat(artifactsIn(distribution.opt()))
                .contains("flink-s3-fs-hadoop", "flink-s3-fs-native", "flink-fs-multiconf");
        assertThat(distribution.opt())
                .isDirectoryContaining("glob:**/flink-fs-multiconf-*-hadoop-alias.jar");
    }

    private static List<String> artifactsIn(Path directory) throws IOException {
        return files(directory).stream()
                .map(jar -> jar.getFileName().toString().replaceFirst("-[0-9].*", ""))
                .toList();
    }

    @Test
    void shellcheckFindsNothing() throws Exception {
        assertThat(bash("command -v shellcheck").exitCode())
                .as("shellcheck is not installed. Install the package 'shellcheck'.")
                .isZero();

        Command.Result result =
                bash("cd '%s' && shellcheck -x -P . *".formatted(distribution.bin()));

        assertThat(result.exitCode()).as(result.stdout() + result.stderr()).isZero();
    }

    @Test
    void everyConfiguredKeyIsAnOptionThatTakesItsValue() throws Exception {
        Configuration configuration =
                GlobalConfiguration.loadConfiguration(distribution.conf().toString());
        Map<String, ConfigOption<?>> options = optionsInLib();

        assertThat(options).hasSizeGreaterThan(500);
        assertThat(configuration.keySet()).isNotEmpty().isSubsetOf(options.keySet());
        for (String key : configuration.keySet()) {
            assertThat(configuration.get(Objects.requireNonNull(options.get(key))))
                    .as(key)
                    .isNotNull();
        }
    }

    @Test
    void whatDiffersFromStockIsMarkedAndNothingElse() throws Exception {
        Configuration stock = Configuration.fromMap(STOCK);
        Map<String, ConfigOption<?>> options = optionsInLib();
        Configuration ours = GlobalConfiguration.loadConfiguration(distribution.conf().toString());

        List<String> differing =
                ours.keySet().stream()
                        .filter(
                                key -> {
                                    ConfigOption<?> option =
                                            Objects.requireNonNull(options.get(key));
                                    return !Objects.equals(ours.get(option), stock.get(option));
                                })
                        .toList();

        assertThat(differing).isNotEmpty();
        assertThat(markedKeys()).containsExactlyInAnyOrderElementsOf(differing);
    }

    /** Returns the keys of the entries right below a line {@code # * why}. */
    private List<String> markedKeys() throws IOException {
        List<String> marked = new ArrayList<>();
        TreeMap<Integer, String> path = new TreeMap<>();
        boolean mark = false;
        for (String line : Files.readAllLines(distribution.conf().resolve("config.yaml"))) {
            String text = line.strip();
            if (text.isEmpty() || text.startsWith("#")) {
                mark = text.startsWith("# * ");
                continue;
            }
            int indent = line.indexOf(text);
            path.tailMap(indent, true).clear();
            path.put(indent, text.substring(0, text.indexOf(':')));
            if (mark) {
                marked.add(String.join(".", path.values()));
            }
            mark = false;
        }
        return marked;
    }

    /** Returns the options of all classes {@code *Options} in {@code lib/}, by key. */
    private Map<String, ConfigOption<?>> optionsInLib() throws Exception {
        List<Path> jars = files(distribution.lib());
        Map<String, ConfigOption<?>> options = new TreeMap<>();
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars) {
            urls.add(jar.toUri().toURL());
        }
        try (URLClassLoader loader =
                new URLClassLoader(urls.toArray(URL[]::new), getClass().getClassLoader())) {
            for (Path jar : jars) {
                if (String.valueOf(jar.getFileName()).startsWith("flink-")) {
                    for (String name : classesOfOptions(jar)) {
                        addOptions(Class.forName(name, false, loader), options);
                    }
                }
            }
        }
        return options;
    }

    private static List<String> classesOfOptions(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith("org/apache/flink/"))
                    .filter(name -> !name.startsWith("org/apache/flink/shaded/"))
                    .filter(name -> name.endsWith("Options.class"))
                    .filter(name -> !name.contains("$"))
                    .map(name -> name.replace(".class", "").replace('/', '.'))
                    .toList();
        }
    }

    private static void addOptions(Class<?> type, Map<String, ConfigOption<?>> options)
            throws IllegalAccessException {
        for (Field field : type.getFields()) {
            if (Modifier.isStatic(field.getModifiers())
                    && field.getType().equals(ConfigOption.class)
                    && field.get(null) instanceof ConfigOption<?> option) {
                options.putIfAbsent(option.key(), option);
            }
        }
    }

    private Command.Result bash(String script) throws InterruptedException {
        return Command.of(sandbox, Path.of("bash"), "-c", script).run(DEADLINE);
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
