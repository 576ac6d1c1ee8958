package io.sluice.runtime.launch;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * The classes that a class loader has loaded so far.
 *
 * <p>A class data archive leaves out a class that is loaded and not linked, unless it belongs to
 * one of the JVM's own class loaders. Many are just loaded, as the type of a parameter or for the
 * verification of another class, and each start would read and verify them again.
 */
final class LoadedClasses {

    private static final String CLASS_FILE = ".class";

    private LoadedClasses() {}

    /**
     * Links the loaded classes and those that this loads, without initializing them. Needs {@code
     * --add-opens=java.base/java.lang=ALL-UNNAMED}.
     *
     * @return how many classes are loaded in the end
     */
    static int link(URLClassLoader classLoader) throws IOException, ReflectiveOperationException {
        Method findLoadedClass =
                ClassLoader.class.getDeclaredMethod("findLoadedClass", String.class);
        findLoadedClass.setAccessible(true);
        List<String> names = classNames(classLoader);
        int linked = 0;
        int before;
        do {
            before = linked;
            linked = 0;
            for (String name : names) {
                Class<?> loaded = (Class<?>) findLoadedClass.invoke(classLoader, name);
                if (loaded != null) {
                    link(loaded);
                    linked++;
                }
            }
        } while (linked > before);
        return linked;
    }

    @SuppressWarnings("ReturnValueIgnored") // the JVM links a class before it lists its members
    private static void link(Class<?> loaded) {
        try {
            loaded.getDeclaredConstructors();
        } catch (LinkageError e) {
            // It refers to something that is not there: an optional dependency. It stays as it is.
        }
    }

    private static List<String> classNames(URLClassLoader classLoader) throws IOException {
        List<String> names = new ArrayList<>();
        for (URL url : classLoader.getURLs()) {
            try (JarFile jar = new JarFile(new File(url.getPath()))) {
                jar.stream()
                        .map(JarEntry::getName)
                        .filter(name -> name.endsWith(CLASS_FILE))
                        .map(name -> name.substring(0, name.length() - CLASS_FILE.length()))
                        .map(name -> name.replace('/', '.'))
                        .forEach(names::add);
            }
        }
        return names;
    }
}
