package io.sluice.testkit.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Classes that two jars of one class path hold: which one is loaded depends on the order.
 *
 * <p>The list of allowed ones has lines {@code <artifactId> <artifactId> <class name prefix> #
 * <reason>}, the jars in any order. A line that allows nothing is a problem, too.
 */
final class DuplicateClasses {

    private static final int EXAMPLES = 3;

    private DuplicateClasses() {}

    /** Returns one problem per pair of jars and per useless line of {@code allowedFile}. */
    static List<String> problems(List<Path> jars, Path allowedFile) throws IOException {
        List<String> problems = new ArrayList<>();
        List<Allowed> allowed = readAllowed(allowedFile, problems);
        Set<Allowed> used = new LinkedHashSet<>();
        duplicates(jars)
                .forEach(
                        (pair, classes) -> {
                            List<String> forbidden = new ArrayList<>();
                            for (String name : classes) {
                                List<Allowed> covering =
                                        allowed.stream()
                                                .filter(line -> line.covers(pair, name))
                                                .toList();
                                used.addAll(covering);
                                if (covering.isEmpty()) {
                                    forbidden.add(name);
                                }
                            }
                            if (!forbidden.isEmpty()) {
                                problems.add(describe(pair, forbidden));
                            }
                        });
        for (Allowed line : allowed) {
            if (!used.contains(line)) {
                problems.add(
                        "The line '%s' of %s allows no duplicate: remove it."
                                .formatted(line.line(), allowedFile.getFileName()));
            }
        }
        return problems;
    }

    private static String describe(Pair pair, List<String> classes) {
        List<String> examples = classes.subList(0, Math.min(EXAMPLES, classes.size()));
        return "%s and %s both hold %d classes, such as %s. Exclude one of the jars."
                .formatted(
                        pair.first(), pair.second(), classes.size(), String.join(", ", examples));
    }

    private static Map<Pair, List<String>> duplicates(List<Path> jars) throws IOException {
        Map<String, List<String>> jarsOfClass = new TreeMap<>();
        for (Path jar : jars) {
            for (String name : classesOf(jar)) {
                jarsOfClass
                        .computeIfAbsent(name, first -> new ArrayList<>())
                        .add(jar.getFileName().toString());
            }
        }
        Map<Pair, List<String>> result = new TreeMap<>();
        jarsOfClass.forEach(
                (name, holders) -> {
                    for (int i = 0; i < holders.size(); i++) {
                        for (int j = i + 1; j < holders.size(); j++) {
                            Pair pair = new Pair(holders.get(i), holders.get(j));
                            result.computeIfAbsent(pair, first -> new ArrayList<>()).add(name);
                        }
                    }
                });
        return result;
    }

    private static Set<String> classesOf(Path jar) throws IOException {
        Set<String> names = new LinkedHashSet<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            zip.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith(".class"))
                    .filter(name -> !name.startsWith("META-INF/versions/"))
                    .filter(name -> !name.equals("module-info.class"))
                    .map(name -> name.substring(0, name.length() - ".class".length()))
                    .map(name -> name.replace('/', '.'))
                    .forEach(names::add);
        }
        return names;
    }

    private static List<Allowed> readAllowed(Path file, List<String> problems) throws IOException {
        if (!Files.isRegularFile(file)) {
            problems.add(
                    "%s, the list of allowed duplicates, does not exist. An empty file allows none."
                            .formatted(file));
            return List.of();
        }
        List<Allowed> result = new ArrayList<>();
        for (String line : Listing.read(file)) {
            int comment = line.indexOf('#');
            List<String> columns =
                    Listing.columns(comment < 0 ? line : line.substring(0, comment).strip());
            boolean hasReason = comment >= 0 && !line.substring(comment + 1).isBlank();
            if (columns.size() != 3 || !hasReason) {
                problems.add(
                        "The line '%s' of %s is not '<artifactId> <artifactId> <class name prefix> # <reason>'."
                                .formatted(line, file.getFileName()));
            } else {
                result.add(new Allowed(line, columns.get(0), columns.get(1), columns.get(2)));
            }
        }
        return result;
    }

    /** File names of two jars. */
    private record Pair(String first, String second) implements Comparable<Pair> {

        @Override
        public int compareTo(Pair other) {
            int byFirst = first.compareTo(other.first);
            return byFirst != 0 ? byFirst : second.compareTo(other.second);
        }
    }

    private record Allowed(String line, String oneJar, String otherJar, String classPrefix) {

        boolean covers(Pair pair, String className) {
            return className.startsWith(classPrefix)
                    && (covers(pair.first(), pair.second()) || covers(pair.second(), pair.first()));
        }

        private boolean covers(String one, String other) {
            return JarName.isOf(oneJar, one) && JarName.isOf(otherJar, other);
        }
    }
}
