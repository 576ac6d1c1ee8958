package io.sluice.state.adaptive.store;

import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.api.common.typeutils.base.MapSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.state.ListDelimitedSerializer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How a value is laid out in a RocksDB row: as Flink's own RocksDB states do it.
 *
 * <p>Owned by the task thread. The arrays that {@code serialize} returns are the caller's.
 *
 * @param <V> the value of a row
 */
abstract class RowFormat<V> {

    private static final int SAMPLED_ELEMENTS = 16;
    private static final int ELEMENTS_A_PART = 512;

    final DataOutputSerializer output = new DataOutputSerializer(256);
    final DataInputDeserializer input = new DataInputDeserializer();

    abstract byte[] serialize(@Nullable V value) throws IOException;

    abstract @Nullable V deserialize(RowBytes bytes) throws IOException;

    /** How to serialize a value bit by bit, or null if it is small enough for one go. */
    @Nullable Parts<V> inParts(@Nullable V value) {
        return null;
    }

    /** A large value of which some parts are serialized. */
    interface Parts<V> {

        /** Whether what is serialized is the start of {@code current} as well. */
        boolean isStartOf(V current);

        boolean isComplete();

        /** Serializes one more part and returns its size. */
        int serializeNext() throws IOException;

        /** What was serialized: to be put into one row, one after the other, by merges. */
        List<byte[]> serialized();
    }

    /** The size of a serialized value; of a long list estimated from its start. */
    int estimatedSize(@Nullable V value) throws IOException {
        return serialize(value).length;
    }

    /** The format of the rows of value, list, reducing and aggregating state. */
    @SuppressWarnings("unchecked")
    static <V> RowFormat<V> of(StateDescriptor.Type type, TypeSerializer<V> serializer) {
        return switch (type) {
            case VALUE, REDUCING, AGGREGATING -> new Plain<>(serializer);
            case LIST ->
                    (RowFormat<V>)
                            new Elements<>(((ListSerializer<?>) serializer).getElementSerializer());
            default ->
                    throw new IllegalArgumentException(
                            "State of type " + type + " does not have one row an entry.");
        };
    }

    /** The format of the rows of map state: one row a user key. */
    static <UV> RowFormat<UV> ofMapValues(MapSerializer<?, UV> serializer) {
        return new MapValue<>(serializer.getValueSerializer());
    }

    private static final class Plain<V> extends RowFormat<V> {
        private final TypeSerializer<V> serializer;

        Plain(TypeSerializer<V> serializer) {
            this.serializer = serializer;
        }

        @Override
        byte[] serialize(@Nullable V value) throws IOException {
            output.clear();
            serializer.serialize(value, output);
            return output.getCopyOfBuffer();
        }

        @Override
        V deserialize(RowBytes bytes) throws IOException {
            input.setBuffer(bytes.array(), 0, bytes.length());
            return serializer.deserialize(input);
        }
    }

    private static final class Elements<E> extends RowFormat<List<E>> {
        private final TypeSerializer<E> serializer;
        private final ListDelimitedSerializer delimited = new ListDelimitedSerializer();

        Elements(TypeSerializer<E> serializer) {
            this.serializer = serializer;
        }

        @Override
        byte[] serialize(@Nullable List<E> elements) throws IOException {
            return delimited.serializeList(elements, serializer);
        }

        @Override
        @Nullable Parts<List<E>> inParts(@Nullable List<E> elements) {
            return elements == null || elements.size() <= ELEMENTS_A_PART
                    ? null
                    : new ListParts<>(elements, this);
        }

        @Override
        int estimatedSize(@Nullable List<E> elements) throws IOException {
            if (elements == null || elements.size() <= SAMPLED_ELEMENTS) {
                return serialize(elements).length;
            }
            long bytes = serialize(elements.subList(0, SAMPLED_ELEMENTS)).length;
            return (int) Math.min(Integer.MAX_VALUE, bytes * elements.size() / SAMPLED_ELEMENTS);
        }

        @Override
        List<E> deserialize(RowBytes bytes) throws IOException {
            List<E> elements = delimited.deserializeList(bytes.exact(), serializer);
            return elements == null ? new ArrayList<>() : elements;
        }
    }

    private static final class ListParts<E> implements Parts<List<E>> {
        private final List<E> elements;
        private final Elements<E> format;
        private final List<byte[]> serialized = new ArrayList<>();
        private int next;

        ListParts(List<E> elements, Elements<E> format) {
            this.elements = elements;
            this.format = format;
        }

        /** Flink adds to a list in place, and does nothing else to it without a copy. */
        @Override
        public boolean isStartOf(List<E> current) {
            return current == elements && next <= elements.size();
        }

        @Override
        public boolean isComplete() {
            return next == elements.size();
        }

        @Override
        public int serializeNext() throws IOException {
            int end = Math.min(elements.size(), next + ELEMENTS_A_PART);
            byte[] part = format.serialize(elements.subList(next, end));
            serialized.add(part);
            next = end;
            return part.length;
        }

        @Override
        public List<byte[]> serialized() {
            return serialized;
        }
    }

    private static final class MapValue<UV> extends RowFormat<UV> {
        private final TypeSerializer<UV> serializer;

        MapValue(TypeSerializer<UV> serializer) {
            this.serializer = serializer;
        }

        @Override
        byte[] serialize(@Nullable UV value) throws IOException {
            output.clear();
            output.writeBoolean(value == null);
            if (value != null) {
                serializer.serialize(value, output);
            }
            return output.getCopyOfBuffer();
        }

        @Override
        @Nullable UV deserialize(RowBytes bytes) throws IOException {
            input.setBuffer(bytes.array(), 0, bytes.length());
            return input.readBoolean() ? null : serializer.deserialize(input);
        }
    }

    /** The serializer of a map state. */
    @SuppressWarnings("unchecked")
    static MapSerializer<Object, Object> mapSerializer(TypeSerializer<?> serializer) {
        return (MapSerializer<Object, Object>)
                (TypeSerializer<?>) (TypeSerializer<Map<?, ?>>) serializer;
    }
}
