package io.sluice.state.adaptive;

import org.apache.flink.state.rocksdb.RocksDBNativeMetricOptions;
import org.apache.flink.state.rocksdb.RocksDBOptionsFactory;

import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractEventListener;
import org.rocksdb.BackgroundErrorReason;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.Status;
import org.rocksdb.WriteOptions;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Options of RocksDB with which a full disk fails the task, which then starts again from its
 * checkpoint. All else is as the user's own factory has it.
 *
 * <p>By itself RocksDB waits for free space to resume. A write that was stalled when the flush
 * failed waits for that recovery, and the recovery for the write: the task hangs, and its
 * cancellation too, until Flink kills the TaskManager
 * (https://github.com/facebook/rocksdb/issues/9876).
 */
final class NoErrorRecovery implements RocksDBOptionsFactory {

    private static final long serialVersionUID = 1L;

    private final @Nullable RocksDBOptionsFactory users;

    private NoErrorRecovery(@Nullable RocksDBOptionsFactory users) {
        this.users = users;
    }

    /** Adds itself to the factory that the user has set, if any; once. */
    static RocksDBOptionsFactory with(@Nullable RocksDBOptionsFactory users) {
        return users instanceof NoErrorRecovery ? users : new NoErrorRecovery(users);
    }

    @Override
    public DBOptions createDBOptions(
            DBOptions currentOptions, Collection<AutoCloseable> handlesToClose) {
        DBOptions options =
                users == null
                        ? currentOptions
                        : users.createDBOptions(currentOptions, handlesToClose);
        List<AbstractEventListener> listeners = new ArrayList<>(options.listeners());
        AbstractEventListener refusal = new Refusal();
        handlesToClose.add(refusal);
        listeners.add(refusal);
        return options.setListeners(listeners);
    }

    @Override
    public ColumnFamilyOptions createColumnOptions(
            ColumnFamilyOptions currentOptions, Collection<AutoCloseable> handlesToClose) {
        return users == null
                ? currentOptions
                : users.createColumnOptions(currentOptions, handlesToClose);
    }

    @Override
    public RocksDBNativeMetricOptions createNativeMetricsOptions(
            RocksDBNativeMetricOptions nativeMetricOptions) {
        return users == null
                ? nativeMetricOptions
                : users.createNativeMetricsOptions(nativeMetricOptions);
    }

    @Override
    public WriteOptions createWriteOptions(
            WriteOptions currentOptions, Collection<AutoCloseable> handlesToClose) {
        return users == null
                ? currentOptions
                : users.createWriteOptions(currentOptions, handlesToClose);
    }

    @Override
    public ReadOptions createReadOptions(
            ReadOptions currentOptions, Collection<AutoCloseable> handlesToClose) {
        return users == null
                ? currentOptions
                : users.createReadOptions(currentOptions, handlesToClose);
    }

    /** Called on RocksDB's threads, and only when a flush or a compaction has failed. */
    private static final class Refusal extends AbstractEventListener {

        Refusal() {
            super(EnabledEventCallback.ON_ERROR_RECOVERY_BEGIN);
        }

        @Override
        public boolean onErrorRecoveryBegin(BackgroundErrorReason reason, Status error) {
            return false;
        }
    }
}
