package io.sluice.benchmarks.startup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How a JVM was started, to tell whether two sides run the same process.
 *
 * @param arguments sorted; without those in which the sides are meant to differ
 */
record CommandLine(List<String> arguments) {

    /** What makes our start faster, and directories that each side names its own way. */
    private static final List<String> MEANT_TO_DIFFER =
            List.of("-XX:SharedArchiveFile=", "-Xshare:auto", "-Djava.io.tmpdir=", "-Dlog.file=");

    CommandLine {
        arguments = arguments.stream().sorted().toList();
    }

    static CommandLine of(long pid) throws IOException {
        return parse(Files.readString(Path.of("/proc", Long.toString(pid), "cmdline")));
    }

    /** Reads {@code /proc/<pid>/cmdline}. */
    static CommandLine parse(String cmdline) {
        List<String> compared = new ArrayList<>();
        // Each argument ends with a zero, the last one too.
        List<String> all = Arrays.asList(cmdline.split("\0", -1));
        for (int i = 1; i < all.size() - 1; i++) {
            String argument = all.get(i);
            if (argument.equals("-classpath")) {
                i++;
            } else if (MEANT_TO_DIFFER.stream().noneMatch(argument::startsWith)) {
                compared.add(argument);
            }
        }
        return new CommandLine(compared);
    }

    /** Returns what only this one has. */
    List<String> without(CommandLine other) {
        List<String> rest = new ArrayList<>(arguments);
        other.arguments.forEach(rest::remove);
        return rest;
    }
}
