package io.sluice.fs.multiconf;

import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

import io.sluice.fs.multiconf.routing.PathMapping;
import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * Where a file is that is being written. Kept with it in checkpoints, so that a recovery against
 * another store is refused: behind the same path nothing would be found there, and Flink takes a
 * file that is not found for one that was committed and then removed.
 *
 * @param scheme of the file system behind the binding
 * @param authority there, or empty
 * @param clusterId as configured, or empty
 * @param storeId as the store says, or empty; kept for as long as it has its data
 */
record Origin(String scheme, String authority, String clusterId, String storeId) {

    void write(DataOutputSerializer out) throws IOException {
        out.writeUTF(scheme);
        out.writeUTF(authority);
        out.writeUTF(clusterId);
        out.writeUTF(storeId);
    }

    static Origin read(DataInputDeserializer in) throws IOException {
        return new Origin(in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF());
    }

    /** Knows where the files of a file system are now, and compares. */
    static final class Keeper {

        private final Binding binding;
        private final PathMapping mapping;
        private final FileSystem delegate;

        Keeper(Binding binding, PathMapping mapping, FileSystem delegate) {
            this.binding = binding;
            this.mapping = mapping;
            this.delegate = delegate;
        }

        /** Returns that of a file that is written now. */
        Origin of(Object recoverable) throws IOException {
            return new Origin(
                    mapping.scheme(),
                    orEmpty(mapping.authority()),
                    orEmpty(binding.settings().clusterId()),
                    storeId(recoverable));
        }

        /**
         * Checks that a file is in a file system of this scheme and authority.
         *
         * @throws IOException if it is not
         */
        void requireScheme(Origin origin) throws IOException {
            if (!origin.scheme.equals(mapping.scheme())
                    || !origin.authority.equalsIgnoreCase(orEmpty(mapping.authority()))) {
                throw refused(
                        "is in %s://%s".formatted(origin.scheme, origin.authority),
                        "is %s://%s".formatted(mapping.scheme(), orEmpty(mapping.authority())));
            }
        }

        /**
         * Checks that a file is in this store.
         *
         * @throws IOException if it is in another one
         */
        void require(Origin origin, Object recoverable) throws IOException {
            BindingSettings settings = binding.settings();
            String clusterId = orEmpty(settings.clusterId());
            if (!origin.clusterId.isEmpty() && !origin.clusterId.equals(clusterId)) {
                throw refused(
                        "is in cluster %s".formatted(origin.clusterId),
                        "is %s, as %s says"
                                .formatted(
                                        clusterId.isEmpty() ? "without a name" : clusterId,
                                        settings.key(MultiConfOptions.CLUSTER_ID)));
            }
            String now = origin.storeId.isEmpty() ? "" : storeId(recoverable);
            if (!origin.storeId.equals(now)) {
                throw refused(
                        "is in the store %s".formatted(origin.storeId),
                        "is the store %s, although it goes by the same name".formatted(now));
            }
        }

        private IOException refused(String then, String now) {
            return new IOException(
                    "Refused to recover a file through binding %s, as its data would be lost: it %s, and what is behind the binding now %s. Point the binding to where it pointed when the checkpoint was made, or use another binding for the new place and start the job there without this state."
                            .formatted(binding.settings().name(), then, now));
        }

        private String storeId(Object recoverable) throws IOException {
            Backend backend = binding.backend();
            return backend.run(() -> orEmpty(backend.storeId(delegate, recoverable)));
        }

        private static String orEmpty(@Nullable String text) {
            return text == null ? "" : text;
        }
    }
}
