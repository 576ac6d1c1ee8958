package io.sluice.state.adaptive.store;

import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Serializers that fail on command: how a test makes a move fail half-way. */
public final class Fragile {

    private static final int NEVER = -1;

    /** Calls that still succeed on this thread. */
    private static final ThreadLocal<Integer> CALLS_LEFT = ThreadLocal.withInitial(() -> NEVER);

    private Fragile() {}

    /** Runs {@code action}; in it, all calls of a serializer after the first few fail. */
    static void failingAfter(int calls, Runnable action) {
        CALLS_LEFT.set(calls);
        try {
            action.run();
        } finally {
            CALLS_LEFT.set(NEVER);
        }
    }

    private static void use() throws IOException {
        int left = CALLS_LEFT.get();
        if (left == 0) {
            throw new IOException("Injected failure of a serializer.");
        }
        if (left > 0) {
            CALLS_LEFT.set(left - 1);
        }
    }

    private abstract static class FragileSerializer<T> extends TypeSerializerSingleton<T> {

        private static final long serialVersionUID = 1L;

        private final TypeSerializer<T> delegate;

        FragileSerializer(TypeSerializer<T> delegate) {
            this.delegate = delegate;
        }

        @Override
        public boolean isImmutableType() {
            return true;
        }

        @Override
        public T createInstance() {
            return delegate.createInstance();
        }

        @Override
        public T copy(T from) {
            try {
                use();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return from;
        }

        @Override
        public T copy(T from, T reuse) {
            return copy(from);
        }

        @Override
        public int getLength() {
            return delegate.getLength();
        }

        @Override
        public void serialize(T value, DataOutputView target) throws IOException {
            use();
            delegate.serialize(value, target);
        }

        @Override
        public T deserialize(DataInputView source) throws IOException {
            use();
            return delegate.deserialize(source);
        }

        @Override
        public T deserialize(T reuse, DataInputView source) throws IOException {
            return deserialize(source);
        }

        @Override
        public void copy(DataInputView source, DataOutputView target) throws IOException {
            delegate.copy(source, target);
        }
    }

    /** Strings: of variable size. */
    public static final class Strings extends FragileSerializer<String> {

        private static final long serialVersionUID = 1L;

        public Strings() {
            super(StringSerializer.INSTANCE);
        }

        @Override
        public TypeSerializerSnapshot<String> snapshotConfiguration() {
            return new StringsSnapshot();
        }
    }

    /** Numbers: of fixed size. */
    public static final class Longs extends FragileSerializer<Long> {

        private static final long serialVersionUID = 1L;

        public Longs() {
            super(LongSerializer.INSTANCE);
        }

        @Override
        public TypeSerializerSnapshot<Long> snapshotConfiguration() {
            return new LongsSnapshot();
        }
    }

    /** Flink makes it by reflection. */
    public static final class StringsSnapshot extends SimpleTypeSerializerSnapshot<String> {
        public StringsSnapshot() {
            super(Strings::new);
        }
    }

    /** Flink makes it by reflection. */
    public static final class LongsSnapshot extends SimpleTypeSerializerSnapshot<Long> {
        public LongsSnapshot() {
            super(Longs::new);
        }
    }
}
