package io.sluice.testkit.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/**
 * An assembled distribution on disk. Never written to; {@link #copyTo} makes one that may be.
 *
 * @param home the directory that holds {@code bin/} and {@code lib/}; absolute
 */
public record Distribution(Path home) {

    /** The system property that {@link #fromSystemProperty()} reads. */
    public static final String PROPERTY = "sluice.distribution";

    public Distribution {
        home = home.toAbsolutePath().normalize();
        if (!Files.isRegularFile(home.resolve("bin/flink"))) {
            throw new IllegalArgumentException(
                    "%s holds no distribution: bin/flink is missing. Build one with 'mvn -pl dist -am package', or point the system property '%s' to one."
                            .formatted(home, PROPERTY));
        }
    }

    /** Returns the distribution that the system property {@value #PROPERTY} names. */
    public static Distribution fromSystemProperty() {
        String home = System.getProperty(PROPERTY);
        if (home == null || home.isBlank()) {
            throw new IllegalStateException(
                    "The system property '%s' is not set. Set it to the directory of an assembled distribution, such as dist/target/sluice-<version>."
                            .formatted(PROPERTY));
        }
        return new Distribution(Path.of(home));
    }

    public Path bin() {
        return home.resolve("bin");
    }

    public Path conf() {
        return home.resolve("conf");
    }

    public Path lib() {
        return home.resolve("lib");
    }

    public Path opt() {
        return home.resolve("opt");
    }

    public Path plugins() {
        return home.resolve("plugins");
    }

    public Path examples() {
        return home.resolve("examples");
    }

    /** Returns {@code bin/<name>}, which must exist. */
    public Path script(String name) {
        Path script = bin().resolve(name);
        if (!Files.isRegularFile(script)) {
            throw new IllegalArgumentException("%s has no script 'bin/%s'.".formatted(home, name));
        }
        return script;
    }

    /**
     * Makes a distribution at {@code target} that a test may change: with scripts, configuration
     * and directories of its own, and links to the jars and all other files of this one. Start-up
     * archives and logs are left out.
     */
    public Distribution copyTo(Path target) {
        try {
            Path source = home.toRealPath();
            Files.walkFileTree(source, new Copying(source, target));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot copy %s to %s.".formatted(home, target), e);
        }
        return new Distribution(target);
    }

    private static final class Copying extends SimpleFileVisitor<Path> {

        private static final Set<String> OWN_FILES = Set.of("bin", "conf");
        private static final Set<String> LEFT_OUT = Set.of("cds", "log");

        private final Path source;
        private final Path target;

        Copying(Path source, Path target) {
            this.source = source;
            this.target = target;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                throws IOException {
            if (LEFT_OUT.contains(source.relativize(directory).toString())) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(copyOf(directory));
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            if (OWN_FILES.contains(source.relativize(file).getName(0).toString())) {
                Files.copy(file, copyOf(file), StandardCopyOption.COPY_ATTRIBUTES);
            } else {
                Files.createSymbolicLink(copyOf(file), file);
            }
            return FileVisitResult.CONTINUE;
        }

        private Path copyOf(Path path) {
            return target.resolve(source.relativize(path).toString());
        }
    }
}
