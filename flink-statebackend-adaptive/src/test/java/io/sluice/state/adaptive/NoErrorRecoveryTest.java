package io.sluice.state.adaptive;

import org.apache.flink.state.rocksdb.RocksDBOptionsFactory;

import org.junit.jupiter.api.Test;
import org.rocksdb.BackgroundErrorReason;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.Status;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** That a full disk does not hang a job is shown by {@code FaultMatrixST}. */
class NoErrorRecoveryTest {

    private static final int OPEN_FILES = 77;

    @Test
    void refusesRecoveryAndKeepsTheOptionsOfTheUser() throws Exception {
        RocksDB.loadLibrary();
        List<AutoCloseable> handles = new ArrayList<>();

        try (DBOptions options =
                NoErrorRecovery.with(new UsersFactory())
                        .createDBOptions(new DBOptions(), handles)) {

            assertThat(options.maxOpenFiles()).isEqualTo(OPEN_FILES);
            assertThat(options.listeners())
                    .singleElement()
                    .satisfies(
                            listener ->
                                    assertThat(
                                                    listener.onErrorRecoveryBegin(
                                                            BackgroundErrorReason.FLUSH,
                                                            new Status(
                                                                    Status.Code.IOError,
                                                                    Status.SubCode.NoSpace,
                                                                    "full")))
                                            .isFalse());
            assertThat(handles).hasSize(1);
        }
        for (AutoCloseable handle : handles) {
            handle.close();
        }
    }

    @Test
    void isAddedOnce() {
        RocksDBOptionsFactory once = NoErrorRecovery.with(null);

        assertThat(NoErrorRecovery.with(once)).isSameAs(once);
    }

    private static final class UsersFactory implements RocksDBOptionsFactory {

        private static final long serialVersionUID = 1L;

        @Override
        public DBOptions createDBOptions(
                DBOptions currentOptions, Collection<AutoCloseable> handlesToClose) {
            return currentOptions.setMaxOpenFiles(OPEN_FILES);
        }

        @Override
        public ColumnFamilyOptions createColumnOptions(
                ColumnFamilyOptions currentOptions, Collection<AutoCloseable> handlesToClose) {
            return currentOptions;
        }
    }
}
