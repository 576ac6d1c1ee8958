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

    final DataOutputSerializer output = new DataOutputSerializer(256);
    final DataInputDeserializer input = new DataInputDeserializer();

    abstract byte[] serialize(@Nullable V value) throws IOException;

    abstract @Nullable V deserialize(RowBytes bytes) throws IOException;

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
        int estimatedSize(@Nullable List<E> elements) throws IOException {
            if (elements == null || elements.size() <= SAMPLED_ELEMENTS) {
                return serialize(elements).length;
            }
            long bytes = serialize(elements.subList(0, SAMPLED_ELEMENTS)).length;
            return (int) Math.min(Integer.MAX_VALUE, bytes * elements.size() / SAMPLED_ELEMENTS);
        }

        @Override
        List<E> deserialize(RowBytes bytes) throws IOException {
            List<E> elements = delimited.deserializeList(bytes.copy(), serializer);
            return elements == null ? new ArrayList<>() : elements;
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
