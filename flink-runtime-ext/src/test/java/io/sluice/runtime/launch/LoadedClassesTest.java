package io.sluice.runtime.launch;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

import static org.assertj.core.api.Assertions.assertThat;

class LoadedClassesTest {

    /** Seen from every class loader, unlike a static field. */
    private static final String INITIALIZED = "test.initialized";

    static class Part {}

    /** Cannot be linked without its part. */
    static class Whole {
        static {
            System.setProperty(INITIALIZED, "true");
        }

        Whole(Part part) {
            Objects.requireNonNull(part);
        }
    }

    @TempDir Path directory;
    private Path jar;

    @BeforeEach
    void chooseJar() {
        jar = directory.resolve("some.jar");
    }

    @Test
    void linksWhatIsLoadedAndWhatThatNeeds() throws Exception {
        try (URLClassLoader loader = loaderOf(Whole.class, Part.class)) {
            loader.loadClass(Whole.class.getName());

            int linked = LoadedClasses.link(loader);

            assertThat(linked).as("the class and its part").isEqualTo(2);
        }
        assertThat(System.getProperty(INITIALIZED)).isNull();
    }

    @Test
    void whatNobodyLoadedStaysSo() throws Exception {
        try (URLClassLoader loader = loaderOf(Whole.class, Part.class)) {
            assertThat(LoadedClasses.link(loader)).isZero();
        }
    }

    @Test
    void classWithAMissingPartDoesNotPreventTheOthers() throws Exception {
        try (URLClassLoader loader = loaderOf(Whole.class)) {
            loader.loadClass(Whole.class.getName());

            assertThat(LoadedClasses.link(loader)).isEqualTo(1);
        }
    }

    private URLClassLoader loaderOf(Class<?>... classes) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Class<?> type : classes) {
                String file = type.getName().replace('.', '/') + ".class";
                out.putNextEntry(new JarEntry(file));
                try (InputStream in = getClass().getClassLoader().getResourceAsStream(file)) {
                    out.write(Objects.requireNonNull(in).readAllBytes());
                }
            }
        }
        return new URLClassLoader(
                new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
    }
}
