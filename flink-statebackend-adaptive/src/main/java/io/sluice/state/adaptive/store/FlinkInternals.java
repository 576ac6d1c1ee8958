package io.sluice.state.adaptive.store;

import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.state.heap.CopyOnWriteStateMap;
import org.apache.flink.runtime.state.heap.StateMap;
import org.apache.flink.runtime.state.heap.StateTable;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.flink.state.rocksdb.RocksDBKeyedStateBackend;

import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/**
 * All reflection of this module into Flink: four members that are not public.
 *
 * <p>Flink's jars are in the unnamed module, so no {@code --add-opens} is needed, and reflection
 * works from another class loader too, as classes in Flink's packages would not.
 */
final class FlinkInternals {

    private static final String BUILT_FOR = "2.3.0";

    private static final Field DB = field(RocksDBKeyedStateBackend.class, "db");
    private static final Method COLUMN_FAMILY =
            method(RocksDBKeyedStateBackend.class, "getColumnFamilyHandle", String.class);
    private static final Method NEW_STATE_MAP = method(StateTable.class, "createStateMap");
    private static final Constructor<?> NEW_STATE_MAP_OF_SIZE = constructorOfStateMap();

    private FlinkInternals() {}

    /** Returns the database of a backend; the backend owns it. */
    static RocksDB database(RocksDBKeyedStateBackend<?> backend) {
        try {
            return (RocksDB) DB.get(backend);
        } catch (IllegalAccessException e) {
            throw mismatch(DB.toString(), e);
        }
    }

    /** Returns the column family of a state or of timers, or null if the backend has none. */
    static @Nullable ColumnFamilyHandle columnFamily(
            RocksDBKeyedStateBackend<?> backend, String state) {
        return (ColumnFamilyHandle) invoke(COLUMN_FAMILY, backend, state);
    }

    /** Returns a new, empty map as {@code table} makes them. */
    @SuppressWarnings("unchecked")
    static <K, N, S> StateMap<K, N, S> newStateMap(StateTable<K, N, S> table) {
        Object map = invoke(NEW_STATE_MAP, table);
        if (map == null) {
            throw mismatch(NEW_STATE_MAP.toString(), new NullPointerException("no map"));
        }
        return (StateMap<K, N, S>) map;
    }

    /**
     * Returns a new, empty map as {@code table} makes them, with room for this many entries: to
     * grow to that costs as much again as to put them in.
     */
    @SuppressWarnings("unchecked")
    static <K, N, S> StateMap<K, N, S> newStateMap(StateTable<K, N, S> table, int entries) {
        StateMap<K, N, S> usual = newStateMap(table);
        if (usual.getClass() != NEW_STATE_MAP_OF_SIZE.getDeclaringClass()) {
            return usual;
        }
        try {
            // It grows when it is full to three quarters.
            return (StateMap<K, N, S>)
                    NEW_STATE_MAP_OF_SIZE.newInstance(
                            entries + entries / 3 + 1, table.getStateSerializer());
        } catch (ReflectiveOperationException e) {
            throw mismatch(NEW_STATE_MAP_OF_SIZE.toString(), e);
        }
    }

    private static @Nullable Object invoke(Method method, Object target, Object... arguments) {
        try {
            return method.invoke(target, arguments);
        } catch (IllegalAccessException e) {
            throw mismatch(method.toString(), e);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw mismatch(method.toString(), e);
        }
    }

    private static Field field(Class<?> owner, String name) {
        try {
            Field field = owner.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw mismatch(owner.getName() + "." + name, e);
        }
    }

    private static Constructor<?> constructorOfStateMap() {
        try {
            Constructor<?> constructor =
                    CopyOnWriteStateMap.class.getDeclaredConstructor(
                            int.class, TypeSerializer.class);
            constructor.setAccessible(true);
            return constructor;
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw mismatch(CopyOnWriteStateMap.class.getName(), e);
        }
    }

    private static Method method(Class<?> owner, String name, Class<?>... parameters) {
        try {
            Method method = owner.getDeclaredMethod(name, parameters);
            method.setAccessible(true);
            return method;
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw mismatch(owner.getName() + "." + name, e);
        }
    }

    private static IllegalStateException mismatch(String member, Throwable cause) {
        return new IllegalStateException(
                "The adaptive state backend was built for Flink "
                        + BUILT_FOR
                        + " and does not find "
                        + member
                        + " in Flink "
                        + EnvironmentInformation.getVersion()
                        + ". Use the jar that was built for this version of Flink.",
                cause);
    }
}
