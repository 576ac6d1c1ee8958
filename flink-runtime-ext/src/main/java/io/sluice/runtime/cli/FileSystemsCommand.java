package io.sluice.runtime.cli;

import org.apache.flink.client.cli.CliArgsException;
import org.apache.flink.client.cli.CliFrontend;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.plugin.PluginUtils;

import io.sluice.runtime.cli.FileSystemProbe.Outcome;
import io.sluice.runtime.cli.FileSystemProbe.Step;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * {@code flink fs check}: the bindings of {@code flink-fs-multiconf}, each tried with a small file,
 * all at the same time. Needs no cluster. Exit code 0 if all work.
 */
public final class FileSystemsCommand {

    /** As that plugin has them, which no other module may use. */
    private static final String PREFIX = "fs.multiconf.";

    private static final String SCHEME = ".scheme";
    private static final String ALLOWED_PREFIXES = ".allowed-prefixes";

    /** Where everybody may write, on most file systems. */
    private static final String DIRECTORY = "/tmp";

    private static final String USAGE =
            """
            flink fs check [BINDING | DIRECTORY] ...

              BINDING    name of a binding; its default authority is tried, in %s or the first of its
                         allowed prefixes
              DIRECTORY  such as data://ns2/some/dir: that authority and directory is tried instead
              Without any, all bindings of config.yaml are tried."""
                    .formatted(DIRECTORY);

    private FileSystemsCommand() {}

    /** A directory that is tried. */
    private record Target(String binding, String scheme, Path directory) {}

    public static void main(String[] args) {
        int exitCode = 1;
        try {
            exitCode = run(args);
        } catch (Exception e) {
            System.err.println(e.getMessage() == null ? e.toString() : e.getMessage());
        }
        System.exit(exitCode);
    }

    private static int run(String... args) throws Exception {
        List<String> arguments = Arrays.asList(args);
        if (arguments.contains("-h") || arguments.contains("--help")) {
            System.out.println(USAGE);
            return 0;
        }
        if (arguments.isEmpty() || !arguments.get(0).equals("check")) {
            throw new CliArgsException(
                    "'flink fs' takes check, not '%s'. 'flink fs --help' tells more."
                            .formatted(arguments.isEmpty() ? "" : arguments.get(0)));
        }
        Configuration configuration =
                GlobalConfiguration.loadConfiguration(
                        CliFrontend.getConfigurationDirectoryFromEnv());
        List<Target> targets = targets(configuration, arguments.subList(1, arguments.size()));
        FileSystem.initialize(
                configuration, PluginUtils.createPluginManagerFromRootFolder(configuration));
        Map<Target, Outcome> outcomes = probe(targets);
        System.out.print(table(outcomes));
        outcomes.forEach(
                (target, outcome) -> {
                    if (!outcome.isGood()) {
                        System.out.printf("%n%s: %s%n", target.binding, outcome.problem());
                    }
                });
        return outcomes.values().stream().allMatch(Outcome::isGood) ? 0 : 1;
    }

    private static List<Target> targets(Configuration configuration, List<String> wanted)
            throws CliArgsException {
        Map<String, String> schemes = new TreeMap<>();
        for (String key : configuration.keySet()) {
            if (key.startsWith(PREFIX) && key.indexOf('.', PREFIX.length()) > 0) {
                String binding = key.substring(PREFIX.length(), key.indexOf('.', PREFIX.length()));
                schemes.put(binding, configuration.getString(PREFIX + binding + SCHEME, "not set"));
            }
        }
        if (schemes.isEmpty()) {
            throw new CliArgsException(
                    "There is no binding: set %sNAME%s in config.yaml.".formatted(PREFIX, SCHEME));
        }
        List<Target> targets = new ArrayList<>();
        for (String one : wanted.isEmpty() ? new TreeSet<>(schemes.keySet()) : wanted) {
            String binding = one.contains(":") ? one.substring(0, one.indexOf(':')) : one;
            String scheme = schemes.get(binding);
            if (scheme == null) {
                throw new CliArgsException(
                        "There is no binding '%s'. There are: %s."
                                .formatted(binding, String.join(", ", schemes.keySet())));
            }
            targets.add(
                    new Target(
                            binding,
                            scheme,
                            new Path(
                                    one.contains(":")
                                            ? one
                                            : binding + "://" + directory(configuration, one))));
        }
        return targets;
    }

    private static String directory(Configuration configuration, String binding) {
        List<String> allowed =
                configuration.get(
                        ConfigOptions.key(PREFIX + binding + ALLOWED_PREFIXES)
                                .stringType()
                                .asList()
                                .defaultValues(DIRECTORY));
        return allowed.isEmpty() ? DIRECTORY : allowed.get(0);
    }

    private static Map<Target, Outcome> probe(List<Target> targets) {
        ExecutorService threads =
                Executors.newFixedThreadPool(
                        targets.size(),
                        task -> {
                            Thread thread = new Thread(task, "fs-check");
                            thread.setDaemon(true);
                            return thread;
                        });
        List<CompletableFuture<Outcome>> probes =
                targets.stream()
                        .map(
                                target ->
                                        CompletableFuture.supplyAsync(
                                                () ->
                                                        new FileSystemProbe(System::nanoTime)
                                                                .of(target.directory),
                                                threads))
                        .toList();
        Map<Target, Outcome> outcomes = new LinkedHashMap<>();
        for (int i = 0; i < targets.size(); i++) {
            outcomes.put(targets.get(i), probes.get(i).join());
        }
        threads.shutdownNow();
        return outcomes;
    }

    private static Table table(Map<Target, Outcome> outcomes) {
        Table table =
                new Table(
                        "BINDING",
                        "SCHEME",
                        "DIRECTORY",
                        "RESULT",
                        "WRITE MS",
                        "READ",
                        "LIST",
                        "DELETE");
        outcomes.forEach(
                (target, outcome) ->
                        table.row(
                                target.binding,
                                target.scheme,
                                target.directory,
                                outcome.isGood() ? "ok" : "failed",
                                millis(outcome, Step.WRITE),
                                millis(outcome, Step.READ),
                                millis(outcome, Step.LIST),
                                millis(outcome, Step.DELETE)));
        return table;
    }

    private static String millis(Outcome outcome, Step step) {
        return outcome.times().containsKey(step)
                ? Long.toString(outcome.times().get(step).toMillis())
                : "-";
    }
}
