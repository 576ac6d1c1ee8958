package io.sluice.state.adaptive.store;

import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.runtime.state.CompositeKeySerializationUtils;
import org.apache.flink.runtime.state.SerializedCompositeKeyBuilder;

import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

import java.io.IOException;

/**
 * The rows of one state in RocksDB, addressed by key, key group and namespace.
 *
 * <p>Has a key builder of its own: a move must not disturb the key that the operator works on.
 * Owned by the task thread.
 *
 * @param <K> key
 * @param <N> namespace
 */
final class DiskTable<K, N> {

    final RocksDB database;
    final ColumnFamilyHandle columnFamily;

    private final TypeSerializer<K> keySerializer;
    private final TypeSerializer<N> namespaceSerializer;
    private final int keyGroupPrefixBytes;
    private final boolean lengthsInKeys;
    private final SerializedCompositeKeyBuilder<K> keys;
    private final DataInputDeserializer input = new DataInputDeserializer();

    DiskTable(
            RocksDB database,
            ColumnFamilyHandle columnFamily,
            TypeSerializer<K> keySerializer,
            TypeSerializer<N> namespaceSerializer,
            int keyGroupPrefixBytes) {
        this.database = database;
        this.columnFamily = columnFamily;
        this.keySerializer = keySerializer;
        this.namespaceSerializer = namespaceSerializer;
        this.keyGroupPrefixBytes = keyGroupPrefixBytes;
        this.lengthsInKeys =
                CompositeKeySerializationUtils.isAmbiguousKeyPossible(
                        keySerializer, namespaceSerializer);
        this.keys = new SerializedCompositeKeyBuilder<>(keySerializer, keyGroupPrefixBytes, 64);
    }

    byte[] row(K key, int keyGroup, N namespace) {
        keys.setKeyAndKeyGroup(key, keyGroup);
        return keys.buildCompositeKeyNamespace(namespace, namespaceSerializer);
    }

    /** Sets what {@link #row(Object, TypeSerializer)} adds user keys to. */
    void startRowsOf(K key, int keyGroup, N namespace) {
        keys.setKeyAndKeyGroup(key, keyGroup);
        keys.setNamespace(namespace, namespaceSerializer);
    }

    <UK> byte[] row(UK userKey, TypeSerializer<UK> userKeySerializer) throws IOException {
        return keys.buildCompositeKeyUserKey(userKey, userKeySerializer);
    }

    boolean contains(byte[] row) throws RocksDBException {
        return database.get(columnFamily, row) != null;
    }

    /** The first bytes of every row of a key group. */
    byte[] prefix(int keyGroup) {
        byte[] prefix = new byte[keyGroupPrefixBytes];
        CompositeKeySerializationUtils.serializeKeyGroup(keyGroup, prefix);
        return prefix;
    }

    /** Takes a row's key apart. */
    ParsedRow<K, N> parse(RowBytes row) throws IOException {
        input.setBuffer(row.array(), keyGroupPrefixBytes, row.length() - keyGroupPrefixBytes);
        K key = CompositeKeySerializationUtils.readKey(keySerializer, input, lengthsInKeys);
        N namespace =
                CompositeKeySerializationUtils.readNamespace(
                        namespaceSerializer, input, lengthsInKeys);
        return new ParsedRow<>(key, namespace, input.getPosition());
    }

    /** A key and namespace, and where in the row the user key of map state starts. */
    record ParsedRow<K, N>(K key, N namespace, int userKeyOffset) {}
}
