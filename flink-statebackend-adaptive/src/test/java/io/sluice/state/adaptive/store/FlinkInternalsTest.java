package io.sluice.state.adaptive.store;

import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.state.InternalKeyContext;
import org.apache.flink.runtime.state.InternalKeyContextImpl;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.RegisteredKeyValueStateBackendMetaInfo;
import org.apache.flink.runtime.state.heap.CopyOnWriteStateMap;
import org.apache.flink.runtime.state.heap.CopyOnWriteStateTable;
import org.apache.flink.runtime.state.heap.StateMap;
import org.apache.flink.runtime.state.heap.StateTable;

import org.junit.jupiter.api.Test;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;

import static org.assertj.core.api.Assertions.assertThat;

class FlinkInternalsTest {

    private static final int ENTRIES = 1500;

    @Test
    void mapWithRoomDoesNotGrow() throws Exception {
        StateMap<Long, Integer, Long> map = FlinkInternals.newStateMap(table(), ENTRIES);
        int before = slots(map);

        for (long key = 0; key < ENTRIES; key++) {
            map.put(key, 0, key);
        }

        assertThat(slots(map)).isEqualTo(before).isEqualTo(2048);
        assertThat(map.get(7L, 0)).isEqualTo(7L);
    }

    @SuppressWarnings("unchecked")
    private static StateTable<Long, Integer, Long> table() throws ReflectiveOperationException {
        Constructor<?> constructor =
                CopyOnWriteStateTable.class.getDeclaredConstructor(
                        InternalKeyContext.class,
                        RegisteredKeyValueStateBackendMetaInfo.class,
                        TypeSerializer.class);
        constructor.setAccessible(true);
        return (StateTable<Long, Integer, Long>)
                constructor.newInstance(
                        new InternalKeyContextImpl<Long>(KeyGroupRange.of(0, 0), 1),
                        new RegisteredKeyValueStateBackendMetaInfo<>(
                                StateDescriptor.Type.VALUE,
                                "state",
                                IntSerializer.INSTANCE,
                                LongSerializer.INSTANCE),
                        LongSerializer.INSTANCE);
    }

    /** Those of a table that it grows into included. */
    private static int slots(StateMap<?, ?, ?> map) throws ReflectiveOperationException {
        int slots = 0;
        for (String name : new String[] {"primaryTable", "incrementalRehashTable"}) {
            Field table = CopyOnWriteStateMap.class.getDeclaredField(name);
            table.setAccessible(true);
            Object array = table.get(map);
            boolean isEmptyTable =
                    name.equals("incrementalRehashTable") && Array.getLength(array) == 2;
            slots += isEmptyTable ? 0 : Array.getLength(array);
        }
        return slots;
    }
}
