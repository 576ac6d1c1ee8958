package io.sluice.fs.multiconf;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.util.List;

/**
 * Makes the file systems of one binding. Flink asks a factory for one scheme, and finds factories
 * by their classes; so there is a class for each binding that can be, and the n-th of them takes
 * the n-th binding by name.
 */
public abstract class FileSystemSlot implements FileSystemFactory {

    static final int COUNT = 16;

    /** What the first slot has read; the others are configured next, with the same. */
    private static volatile @Nullable Bindings latest;

    private final int index;

    private @Nullable Binding binding;

    /** All bindings of a configuration. */
    private record Bindings(Configuration configuration, List<BindingSettings> all) {

        static Bindings of(Configuration configuration) {
            return new Bindings(
                    new Configuration(configuration), BindingSettings.all(configuration));
        }
    }

    private FileSystemSlot(int index) {
        this.index = index;
    }

    @Override
    public void configure(Configuration configuration) {
        Bindings bindings = latest;
        // Anew each time that Flink goes through the slots: files may have changed.
        if (index == 0 || bindings == null || !bindings.configuration().equals(configuration)) {
            bindings = Bindings.of(configuration);
            latest = bindings;
        }
        List<BindingSettings> all = bindings.all();
        binding = index < all.size() ? Binding.of(all.get(index), configuration) : null;
    }

    /** A name that no path has while there is no binding. */
    @Override
    public String getScheme() {
        Binding own = binding;
        return own == null ? "sluice-no-binding-" + index : own.settings().name();
    }

    /** Connects to nothing: Flink holds a lock of all file systems meanwhile. */
    @Override
    public FileSystem create(URI uri) throws IOException {
        Binding own = binding;
        if (own == null) {
            throw new IllegalStateException("There is no binding %d.".formatted(index));
        }
        return own.fileSystem(uri.getAuthority());
    }

    /** Slot 0. */
    public static final class Slot0 extends FileSystemSlot {
        public Slot0() {
            super(0);
        }
    }

    /** Slot 1. */
    public static final class Slot1 extends FileSystemSlot {
        public Slot1() {
            super(1);
        }
    }

    /** Slot 2. */
    public static final class Slot2 extends FileSystemSlot {
        public Slot2() {
            super(2);
        }
    }

    /** Slot 3. */
    public static final class Slot3 extends FileSystemSlot {
        public Slot3() {
            super(3);
        }
    }

    /** Slot 4. */
    public static final class Slot4 extends FileSystemSlot {
        public Slot4() {
            super(4);
        }
    }

    /** Slot 5. */
    public static final class Slot5 extends FileSystemSlot {
        public Slot5() {
            super(5);
        }
    }

    /** Slot 6. */
    public static final class Slot6 extends FileSystemSlot {
        public Slot6() {
            super(6);
        }
    }

    /** Slot 7. */
    public static final class Slot7 extends FileSystemSlot {
        public Slot7() {
            super(7);
        }
    }

    /** Slot 8. */
    public static final class Slot8 extends FileSystemSlot {
        public Slot8() {
            super(8);
        }
    }

    /** Slot 9. */
    public static final class Slot9 extends FileSystemSlot {
        public Slot9() {
            super(9);
        }
    }

    /** Slot 10. */
    public static final class Slot10 extends FileSystemSlot {
        public Slot10() {
            super(10);
        }
    }

    /** Slot 11. */
    public static final class Slot11 extends FileSystemSlot {
        public Slot11() {
            super(11);
        }
    }

    /** Slot 12. */
    public static final class Slot12 extends FileSystemSlot {
        public Slot12() {
            super(12);
        }
    }

    /** Slot 13. */
    public static final class Slot13 extends FileSystemSlot {
        public Slot13() {
            super(13);
        }
    }

    /** Slot 14. */
    public static final class Slot14 extends FileSystemSlot {
        public Slot14() {
            super(14);
        }
    }

    /** Slot 15. */
    public static final class Slot15 extends FileSystemSlot {
        public Slot15() {
            super(15);
        }
    }
}
