package io.sluice.examples.nexmark;

import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.java.typeutils.PojoTypeInfo;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NexmarkEventSerializerTest {

    private static final NexmarkGenerator GENERATOR =
            new NexmarkGenerator(NexmarkSettings.defaults());

    private final TypeSerializer<NexmarkEvent> serializer =
            TypeInformation.of(NexmarkEvent.class).createSerializer(new SerializerConfigImpl());

    @Test
    void flinkFindsTheSerializerByTheType() {
        assertThat(serializer).isInstanceOf(NexmarkEventSerializer.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 4, 1_000_000_000_000L})
    void eventIsReadAsItWasWritten(long number) throws Exception {
        NexmarkEvent event = GENERATOR.event(number);
        DataOutputSerializer out = new DataOutputSerializer(64);

        serializer.serialize(event, out);

        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        assertThat(serializer.deserialize(in)).isEqualTo(event);
        assertThat(in.available()).isZero();
    }

    @Test
    void copyOfTheBytesIsTheSameEvent() throws Exception {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(GENERATOR.event(1), out);
        DataOutputSerializer copy = new DataOutputSerializer(64);

        serializer.copy(new DataInputDeserializer(out.getCopyOfBuffer()), copy);

        assertThat(copy.getCopyOfBuffer()).isEqualTo(out.getCopyOfBuffer());
    }

    @Test
    void foreignBytesAreRejected() {
        DataInputDeserializer in = new DataInputDeserializer(new byte[] {7});

        assertThatThrownBy(() -> serializer.deserialize(in))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "Cannot read a Nexmark event: its first byte is 7, expected 0, 1 or 2."
                                + " The bytes were not written by this serializer.");
    }

    @Test
    void restoredSnapshotIsCompatible() throws Exception {
        DataOutputSerializer out = new DataOutputSerializer(64);
        TypeSerializerSnapshot.writeVersionedSnapshot(out, serializer.snapshotConfiguration());

        TypeSerializerSnapshot<NexmarkEvent> restored =
                TypeSerializerSnapshot.readVersionedSnapshot(
                        new DataInputDeserializer(out.getCopyOfBuffer()),
                        NexmarkEventSerializerTest.class.getClassLoader());

        TypeSerializerSchemaCompatibility<NexmarkEvent> compatibility =
                serializer.snapshotConfiguration().resolveSchemaCompatibility(restored);
        assertThat(compatibility.isCompatibleAsIs()).isTrue();
        assertThat(restored.restoreSerializer()).isEqualTo(serializer);
    }

    @ParameterizedTest
    @ValueSource(
            classes = {Person.class, Auction.class, Bid.class, Standing.class, HighestBid.class})
    void recordsAreSerializedWithoutKryo(Class<?> type) {
        TypeInformation<?> information = TypeInformation.of(type);

        assertThat(information).isInstanceOf(PojoTypeInfo.class);
        assertThat(((PojoTypeInfo<?>) information).getArity())
                .isEqualTo(type.getRecordComponents().length);
        SerializerConfigImpl withoutKryo = new SerializerConfigImpl();
        withoutKryo.setGenericTypes(false);
        assertThat(information.createSerializer(withoutKryo)).isNotNull();
    }
}
