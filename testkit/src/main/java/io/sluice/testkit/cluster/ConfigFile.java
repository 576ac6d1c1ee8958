package io.sluice.testkit.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Copies a {@code conf/} directory and overrides entries of its {@code config.yaml}. */
final class ConfigFile {

    /*
     * Overrides are appended as flat keys. Flink flattens the document in its own order into one
     * map, so a later flat key replaces an earlier nested one. The same flat key twice, however, is
     * an error of the YAML parser: such an entry is taken out of the copy, with its indented lines.
     */

    static final String NAME = "config.yaml";

    private ConfigFile() {}

    /** Copies all of {@code source} to {@code target} and applies {@code overrides}. */
    static void copy(Path source, Path target, Map<String, String> overrides) {
        if (!Files.isRegularFile(source.resolve(NAME))) {
            throw new IllegalStateException(
                    "%s is missing: there is no configuration to copy."
                            .formatted(source.resolve(NAME)));
        }
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Path copy = target.resolve(source.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.write(copy, Files.readAllBytes(file));
                }
            }
            Path config = target.resolve(NAME);
            Files.write(config, withOverrides(Files.readAllLines(config), overrides));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot copy the configuration from %s to %s.".formatted(source, target), e);
        }
    }

    static List<String> withOverrides(List<String> lines, Map<String, String> overrides) {
        List<String> result = new ArrayList<>();
        boolean dropping = false;
        for (String line : lines) {
            boolean continues = line.startsWith(" ") || line.startsWith("-");
            dropping = continues ? dropping : overrides.containsKey(keyOf(line));
            if (!dropping) {
                result.add(line);
            }
        }
        new TreeMap<>(overrides)
                .forEach((key, value) -> result.add(quoted(key) + ": " + quoted(value)));
        return result;
    }

    /** Returns the key of a line that starts a top-level entry, or an empty string. */
    private static String keyOf(String line) {
        int colon = line.indexOf(':');
        if (colon < 0 || line.startsWith("#")) {
            return "";
        }
        String key = line.substring(0, colon).strip();
        boolean isQuoted = key.length() > 1 && (key.startsWith("\"") || key.startsWith("'"));
        return isQuoted ? key.substring(1, key.length() - 1) : key;
    }

    /** A double-quoted YAML scalar. */
    private static String quoted(String text) {
        String escaped =
                text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                        .replace("\t", "\\t");
        return '"' + escaped + '"';
    }
}
