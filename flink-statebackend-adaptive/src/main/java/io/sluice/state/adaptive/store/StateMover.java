package io.sluice.state.adaptive.store;

import org.apache.flink.runtime.state.StateEntry;
import org.apache.flink.runtime.state.heap.StateMap;
import org.apache.flink.runtime.state.heap.StateTable;

import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;

import java.io.IOException;

/**
 * Moves the entries of one state between its heap table and its rows in RocksDB, a slice at a time.
 *
 * <p>Owned by the task thread, like the state itself: between two slices the operator may read and
 * write whatever it likes.
 *
 * <p><b>Failures.</b> Whatever a slice throws, each entry is in exactly one tier afterwards.
 *
 * @param <K> key
 * @param <N> namespace
 * @param <V> value in the heap table
 */
abstract class StateMover<K, N, V> {

    /*
     * Out: rows go into a write batch; when the batch is written, the entries leave the heap, which
     * cannot fail. Before it is written they are on heap only.
     *
     * In: entries are put on heap and their rows deleted with one range that covers just them. If
     * the deletion fails, the entries leave the heap again: nobody saw them there.
     *
     * New entries go to the target of the move, so out ends when the heap part is empty, and in
     * ends when a scan of the group has come to its end: behind the cursor there is no row. (Merged
     * namespaces may put rows there; then there is one more scan.) Between slices the iterator
     * stays open, unless something was written meanwhile, which it would not see, or a compaction
     * has ended, which may have removed expired rows that it would still see.
     */

    /** What a call to move a key group came to. */
    enum Step {
        /** The group has left its source. */
        DONE,
        /** The slice is spent. */
        MORE,
        /** RocksDB does not take writes just now; nothing was moved by the last batch. */
        STALLED
    }

    private static final long BATCH_BYTES = 1 << 20;
    private static final byte[] NO_BYTES = {};

    /** A group's table is replaced by a new one if it held more entries than this. */
    private static final int KEPT_TABLE_ENTRIES = 128;

    final StateTable<K, N, V> heap;
    final DiskTable<K, N> disk;
    final WriteBatch batch = new WriteBatch();

    private final MoveOptions options;

    private int scannedKeyGroup = -1;
    private byte @Nullable [] cursor;
    private boolean rowsBehindCursor;

    /** At the cursor, as of the next two numbers. */
    private @Nullable RocksIterator scan;

    private long scanSequence;
    private long scanVersion;
    private RowBytes row = new RowBytes();
    private RowBytes previousRow = new RowBytes();
    private final RowBytes value = new RowBytes();
    private int largestTable;

    /** Of the key group that last came to the heap. */
    private int lastGroupEntries;

    StateMover(StateTable<K, N, V> heap, DiskTable<K, N> disk, MoveOptions options) {
        this.heap = heap;
        this.disk = disk;
        this.options = options;
    }

    // --- out -------------------------------------------------------------------------------------

    /** Moves entries of {@code keyGroup} to RocksDB until the slice is spent or none is left. */
    final Step moveOut(int keyGroup, Slice slice) throws IOException, RocksDBException {
        StateMap<K, N, V> entries = heap.getMapForKeyGroup(keyGroup);
        largestTable = Math.max(largestTable, entries.size());
        try {
            while (!entries.isEmpty()) {
                if (slice.isSpent()) {
                    return Step.MORE;
                }
                fillBatch(keyGroup, entries, slice);
                if (!writeBatch()) {
                    forgetBatch();
                    return Step.STALLED;
                }
                removeBatchFromHeap(entries);
            }
        } catch (IOException | RocksDBException | RuntimeException e) {
            forgetBatch();
            throw e;
        }
        if (largestTable > KEPT_TABLE_ENTRIES) {
            replaceTable(keyGroup, FlinkInternals.newStateMap(heap));
        }
        largestTable = 0;
        return Step.DONE;
    }

    /** Both are empty. */
    private void replaceTable(int keyGroup, StateMap<K, N, V> table) {
        heap.getState()[keyGroup - heap.getKeyGroupOffset()] = table;
    }

    final boolean isBatchFull() {
        return batch.getDataSize() >= BATCH_BYTES;
    }

    /** Adds rows to the batch and remembers their entries, until batch or slice is full. */
    abstract void fillBatch(int keyGroup, StateMap<K, N, V> entries, Slice slice)
            throws IOException, RocksDBException;

    /** Removes what {@link #fillBatch} remembered, and forgets it. */
    abstract void removeBatchFromHeap(StateMap<K, N, V> entries);

    /** Forgets a batch that was not written. */
    void forgetBatch() {
        batch.clear();
    }

    /** Moves one entry out at once, whatever its size: its namespaces are about to be merged. */
    abstract void moveOut(K key, int keyGroup, N namespace) throws IOException, RocksDBException;

    // --- in --------------------------------------------------------------------------------------

    /** Moves rows of {@code keyGroup} to the heap until the slice is spent or none is left. */
    final Step moveIn(int keyGroup, Slice slice) throws IOException, RocksDBException {
        if (scannedKeyGroup != keyGroup) {
            startScan(keyGroup);
            makeRoom(keyGroup);
        }
        byte[] prefix = disk.prefix(keyGroup);
        while (true) {
            if (slice.isSpent()) {
                return Step.MORE;
            }
            Step step = moveRowsIn(keyGroup, prefix, slice);
            if (step != Step.DONE) {
                return step;
            }
            slice.looked();
            boolean scanAgain = rowsBehindCursor;
            startScan(scanAgain ? keyGroup : -1);
            if (!scanAgain) {
                lastGroupEntries = entriesOnHeap(keyGroup);
                return Step.DONE;
            }
        }
    }

    /** Keys are spread by their hashes: a group will hold about as much as the one before. */
    private void makeRoom(int keyGroup) {
        if (lastGroupEntries > KEPT_TABLE_ENTRIES && entriesOnHeap(keyGroup) == 0) {
            replaceTable(keyGroup, FlinkInternals.newStateMap(heap, lastGroupEntries));
        }
    }

    private void startScan(int keyGroup) {
        closeScan();
        scannedKeyGroup = keyGroup;
        cursor = null;
        rowsBehindCursor = false;
    }

    /** To be called when the direction of a group's move changes, or the move stops. */
    void forgetProgress(int keyGroup) {
        if (scannedKeyGroup == keyGroup) {
            startScan(-1);
        }
    }

    /** To be called before an entry on heap changes while its key group moves out. */
    void entryChanges(K key, N namespace) {}

    /** To be called before rows that were not there are written: a scan may have passed them. */
    final void mayWriteBehindScan(int keyGroup) {
        rowsBehindCursor |= scannedKeyGroup == keyGroup;
    }

    private RocksIterator openScan(byte[] prefix) throws RocksDBException {
        closeStaleScan();
        RocksIterator rows = scan;
        if (rows != null) {
            return rows;
        }
        scanSequence = disk.database.getLatestSequenceNumber();
        scanVersion = version();
        rows = disk.database.newIterator(disk.columnFamily, options.scans);
        scan = rows;
        rows.seek(cursor == null ? prefix : cursor);
        return rows;
    }

    /** Closes an iterator that would not see what is there now. */
    final void closeStaleScan() throws RocksDBException {
        if (scan != null
                && (scanSequence != disk.database.getLatestSequenceNumber()
                        || scanVersion != version())) {
            closeScan();
        }
    }

    /** Changes with every flush and compaction. */
    private long version() throws RocksDBException {
        return disk.database.getLongProperty(
                disk.columnFamily, "rocksdb.current-super-version-number");
    }

    private void closeScan() {
        if (scan != null) {
            scan.close();
            scan = null;
        }
    }

    /** Scans from the cursor; DONE at the end of the key group. */
    private Step moveRowsIn(int keyGroup, byte[] prefix, Slice slice)
            throws IOException, RocksDBException {
        byte[] first = null;
        boolean complete = false;
        try {
            RocksIterator rows = openScan(prefix);
            boolean end = true;
            for (; rows.isValid(); rows.next()) {
                row.readKeyOf(rows);
                if (!row.startsWith(prefix)) {
                    break;
                }
                if (slice.isSpent()) {
                    end = false;
                    break;
                }
                value.readValueOf(rows);
                putOnHeap(keyGroup, row, value);
                slice.moved(row.length() + value.length());
                first = first == null ? row.copy() : first;
                RowBytes moved = row;
                row = previousRow;
                previousRow = moved;
            }
            rows.status();
            if (first != null) {
                byte[] next = previousRow.successor();
                batch.deleteRange(disk.columnFamily, first, next);
                if (!writeBatch()) {
                    return Step.STALLED;
                }
                cursor = next;
                // Our own deletion does not concern what is ahead of the cursor.
                scanSequence = disk.database.getLatestSequenceNumber();
            }
            complete = true;
            return end ? Step.DONE : Step.MORE;
        } finally {
            batch.clear();
            value.release();
            if (complete) {
                settleOnHeap();
            } else {
                closeScan();
                takeBackFromHeap(keyGroup);
            }
        }
    }

    /** Puts a row's entry on heap and remembers it. */
    abstract void putOnHeap(int keyGroup, RowBytes row, RowBytes value) throws IOException;

    /** Forgets the entries that were remembered: they stay on heap. */
    abstract void settleOnHeap();

    /** Removes the remembered entries from the heap: their rows are still there. */
    abstract void takeBackFromHeap(int keyGroup);

    // --- sizes -----------------------------------------------------------------------------------

    /**
     * The rows and the serialized size of some entries.
     *
     * @param entries how many were looked at
     * @param rows that they would be in RocksDB
     * @param keyBytes of one row each
     * @param valueBytes of all rows; of large entries estimated from a part
     */
    record Sample(int entries, long rows, long keyBytes, long valueBytes) {
        static final Sample NONE = new Sample(0, 0, 0, 0);

        Sample plus(Sample other) {
            return new Sample(
                    entries + other.entries,
                    rows + other.rows,
                    keyBytes + other.keyBytes,
                    valueBytes + other.valueBytes);
        }
    }

    /** Looks at up to {@code maxEntries} entries of a key group on heap. */
    final Sample sampleHeap(int keyGroup, int maxEntries) throws IOException {
        Sample sample = Sample.NONE;
        for (StateEntry<K, N, V> entry : heap.getMapForKeyGroup(keyGroup)) {
            if (sample.entries() == maxEntries) {
                break;
            }
            int keyBytes = disk.row(entry.getKey(), keyGroup, entry.getNamespace()).length;
            sample = sample.plus(sample(keyBytes, entry.getState()));
        }
        return sample;
    }

    /** Looks at one entry. */
    abstract Sample sample(int keyBytes, V value) throws IOException;

    /** Looks at up to {@code maxRows} rows of a key group on disk, each as if it was an entry. */
    final Sample sampleDisk(int keyGroup, int maxRows) {
        byte[] prefix = disk.prefix(keyGroup);
        Sample sample = Sample.NONE;
        try (RocksIterator rows = disk.database.newIterator(disk.columnFamily, options.scans)) {
            for (rows.seek(prefix); rows.isValid() && sample.entries() < maxRows; rows.next()) {
                row.readKeyOf(rows);
                if (!row.startsWith(prefix)) {
                    break;
                }
                sample = sample.plus(new Sample(1, 1, row.length(), rows.value(NO_BYTES)));
            }
        }
        return sample;
    }

    /** The number of rows of all key groups on disk, as RocksDB estimates it. */
    final long estimatedRowsOnDisk() throws RocksDBException {
        return disk.database.getLongProperty(disk.columnFamily, "rocksdb.estimate-num-keys");
    }

    /**
     * The serialized size of all key groups on disk, compressed as it is, as RocksDB estimates it.
     */
    final long estimatedBytesOnDisk() throws RocksDBException {
        return disk.database.getLongProperty(disk.columnFamily, "rocksdb.estimate-live-data-size")
                + disk.database.getLongProperty(
                        disk.columnFamily, "rocksdb.cur-size-all-mem-tables");
    }

    final int entriesOnHeap(int keyGroup) {
        return heap.getMapForKeyGroup(keyGroup).size();
    }

    // ---------------------------------------------------------------------------------------------

    /** Whether the batch was written; false if RocksDB would have made us wait. */
    final boolean writeBatch() throws RocksDBException {
        if (batch.count() == 0) {
            return true;
        }
        try {
            options.write(disk.database, batch);
            return true;
        } catch (RocksDBException e) {
            if (e.getStatus() != null && e.getStatus().getCode() == Status.Code.Incomplete) {
                return false;
            }
            throw e;
        }
    }

    final void writeBatchOrWait() throws RocksDBException {
        options.writeOrWait(disk.database, batch);
    }

    void close() {
        closeScan();
        batch.close();
    }
}
