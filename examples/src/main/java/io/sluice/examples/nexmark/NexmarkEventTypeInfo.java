package io.sluice.examples.nexmark;

import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Type;
import java.util.Map;

/** Tells Flink how to serialize a {@link NexmarkEvent}. */
public final class NexmarkEventTypeInfo extends TypeInformation<NexmarkEvent> {

    private static final long serialVersionUID = 1L;

    @Override
    public TypeSerializer<NexmarkEvent> createSerializer(SerializerConfig config) {
        return NexmarkEventSerializer.INSTANCE;
    }

    @Override
    public Class<NexmarkEvent> getTypeClass() {
        return NexmarkEvent.class;
    }

    @Override
    public boolean isBasicType() {
        return false;
    }

    @Override
    public boolean isTupleType() {
        return false;
    }

    @Override
    public int getArity() {
        return 1;
    }

    @Override
    public int getTotalFields() {
        return 1;
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof NexmarkEventTypeInfo;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NexmarkEventTypeInfo;
    }

    @Override
    public int hashCode() {
        return NexmarkEventTypeInfo.class.hashCode();
    }

    @Override
    public String toString() {
        return "NexmarkEvent";
    }

    /** Named by the annotation on {@link NexmarkEvent}; Flink calls it. */
    public static final class Factory extends TypeInfoFactory<NexmarkEvent> {

        @Override
        public TypeInformation<NexmarkEvent> createTypeInfo(
                Type type, Map<String, TypeInformation<?>> genericParameters) {
            return new NexmarkEventTypeInfo();
        }
    }
}
