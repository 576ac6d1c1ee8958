package io.sluice.systemtests.faults.job;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** The jar of {@link TallyJob}: this package. */
public final class TallyJar {

    private TallyJar() {}

    /** Writes the jar and returns its path. */
    public static Path pack(Path jar) throws IOException {
        Path classes =
                Path.of(
                        TallyJob.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath());
        Path own = classes.resolve(TallyJob.class.getPackageName().replace('.', '/'));
        try (Stream<Path> files = Files.list(own);
                OutputStream out = Files.newOutputStream(jar);
                JarOutputStream packed = new JarOutputStream(out)) {
            for (Path file : files.sorted().toList()) {
                packed.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, packed);
                packed.closeEntry();
            }
        }
        return jar;
    }
}
