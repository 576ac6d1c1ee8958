package io.sluice.testkit.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * NOTICE: the third-party jars of the distribution, each at its version.
 *
 * <p>A jar is a line {@code - <groupId>:<artifactId>:<version>} that starts in the first column;
 * the group may be left out. Indented lines, for what a jar bundles in its turn, are not checked.
 */
final class Notice {

    private static final Pattern BUNDLED =
            Pattern.compile("- (?:[\\w.-]+:)?([\\w.-]+:[\\w.+-]+)\\s*");

    private Notice() {}

    /** Returns the jars that NOTICE lacks, and those that it lists but that are not there. */
    static List<String> problems(Path notice, List<Path> jars, LicenceIndex licences)
            throws IOException {
        if (!Files.isRegularFile(notice)) {
            return List.of("NOTICE does not exist.");
        }
        Set<String> listed = new TreeSet<>();
        for (String line : Files.readAllLines(notice)) {
            Matcher matcher = BUNDLED.matcher(line);
            if (matcher.matches()) {
                listed.add(matcher.group(1));
            }
        }
        Set<String> shipped = new TreeSet<>();
        for (Path jar : jars) {
            String name = jar.getFileName().toString();
            Optional<LicenceIndex.Entry> entry = licences.entryOf(name);
            if (entry.isPresent() && !entry.get().isOwn()) {
                shipped.add(JarName.coordinate(entry.get().artifactId(), name));
            }
        }
        List<String> problems = new ArrayList<>();
        shipped.stream()
                .filter(jar -> !listed.contains(jar))
                .forEach(
                        jar ->
                                problems.add(
                                        "NOTICE does not list %s: add '- <groupId>:%s'."
                                                .formatted(jar, jar)));
        listed.stream()
                .filter(jar -> !shipped.contains(jar))
                .forEach(
                        jar ->
                                problems.add(
                                        "NOTICE lists %s, which is no jar of the distribution: remove it."
                                                .formatted(jar)));
        return problems;
    }
}
