package io.sluice.testkit.dist;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Fails the build of a distribution that holds duplicate classes, a jar of unknown licence, or a
 * stale NOTICE, or that lacks a jar of its own class path. One failure names everything found.
 *
 * <p>The formats of the files it reads are described at {@link DuplicateClasses}, {@link
 * LicenceIndex} and {@link Notice}.
 */
public final class DistributionGate {

    private static final List<String> JAR_FOLDERS = List.of("lib", "plugins", "opt", "examples");

    private final Path distribution;
    private final Path classPathFile;
    private final Path allowedDuplicates;

    DistributionGate(Path distribution, Path classPathFile, Path allowedDuplicates) {
        this.distribution = distribution;
        this.classPathFile = classPathFile;
        this.allowedDuplicates = allowedDuplicates;
    }

    /**
     * Checks a distribution.
     *
     * @param args the distribution's directory; a file with the run-time class path of its module,
     *     as {@code dependency:build-classpath} writes it; the list of allowed duplicate classes
     * @throws IllegalStateException if anything is wrong
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 3) {
            throw new IllegalArgumentException(
                    "DistributionGate takes 3 arguments, not %d: <distribution> <class path file> <allowed duplicates file>"
                            .formatted(args.length));
        }
        new DistributionGate(Path.of(args[0]), Path.of(args[1]), Path.of(args[2])).check();
    }

    void check() throws IOException {
        List<String> problems = problems();
        if (!problems.isEmpty()) {
            throw new IllegalStateException(
                    "%s must not be shipped, %d problem(s):%n- %s"
                            .formatted(
                                    distribution,
                                    problems.size(),
                                    String.join(System.lineSeparator() + "- ", problems)));
        }
    }

    List<String> problems() throws IOException {
        List<Path> jars = new ArrayList<>();
        for (String folder : JAR_FOLDERS) {
            jars.addAll(jarsIn(distribution.resolve(folder), Integer.MAX_VALUE));
        }
        List<Path> lib = jarsIn(distribution.resolve("lib"), 1);
        List<String> problems = new ArrayList<>();
        if (lib.isEmpty()) {
            problems.add("lib/ holds no jar.");
        }
        LicenceIndex licences = LicenceIndex.read(distribution.resolve("licenses"));
        problems.addAll(DuplicateClasses.problems(lib, allowedDuplicates));
        problems.addAll(licences.problems(jars));
        problems.addAll(notShipped(jars));
        problems.addAll(Notice.problems(distribution.resolve("NOTICE"), jars, licences));
        return problems;
    }

    private static List<Path> jarsIn(Path folder, int depth) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder, depth)) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
    }

    /** A jar is shipped under its own name, or under another one with the same content. */
    private List<String> notShipped(List<Path> shipped) throws IOException {
        List<Path> classPath = new ArrayList<>();
        for (String line : Files.readAllLines(classPathFile)) {
            for (String entry : line.split(File.pathSeparator, -1)) {
                if (entry.strip().endsWith(".jar")) {
                    classPath.add(Path.of(entry.strip()));
                }
            }
        }
        if (classPath.isEmpty()) {
            return List.of("The class path in %s holds no jar.".formatted(classPathFile));
        }
        List<String> problems = new ArrayList<>();
        for (Path jar : classPath) {
            if (!isShipped(jar, shipped)) {
                problems.add(
                        "%s is on the run-time class path but in no folder of the distribution: put it into one, or exclude it."
                                .formatted(jar.getFileName()));
            }
        }
        return problems;
    }

    private static boolean isShipped(Path jar, List<Path> shipped) throws IOException {
        for (Path candidate : shipped) {
            if (candidate.endsWith(jar.getFileName())) {
                return true;
            }
        }
        for (Path candidate : shipped) {
            if (Files.isRegularFile(jar) && Files.mismatch(jar, candidate) == -1) {
                return true;
            }
        }
        return false;
    }
}
