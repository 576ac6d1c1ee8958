package io.sluice.state.adaptive.snapshot;

import org.apache.flink.runtime.state.KeyGroupRange;

import io.sluice.state.adaptive.placement.Tier;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a checkpoint of both tiers says about itself: the range of key groups, the tier that each
 * key group belongs to, where the entries of each state are, and the offsets of the heap part.
 *
 * <p>It stands where Flink's RocksDB backend expects its own meta data, whose first number is a
 * version: {@link #MAGIC} is none, so that stock Flink refuses the checkpoint rather than restore
 * the RocksDB part alone.
 *
 * <p>The arrays are not copied; nobody changes them.
 *
 * @param targets the tier that each key group belongs to
 * @param residences by state, one byte a key group
 * @param unlisted where the entries of all other states are: of those that were restored from
 *     something without a manifest, and that the job has not asked for since
 * @param heapOffsets one offset a key group into the heap part, or null if there is no heap part
 */
@SuppressWarnings("ArrayRecordComponent")
public record Manifest(
        KeyGroupRange range,
        Tier[] targets,
        Map<String, byte[]> residences,
        byte[] unlisted,
        long @Nullable [] heapOffsets) {

    static final int MAGIC = 0xADA97;

    private static final int VERSION = 1;

    /** Checks that all arrays have the size of the range. */
    public Manifest {
        int keyGroups = range.getNumberOfKeyGroups();
        requireSize("tiers", targets.length, keyGroups);
        residences.forEach(
                (state, groups) -> requireSize("state '" + state + "'", groups.length, keyGroups));
        requireSize("other states", unlisted.length, keyGroups);
        if (heapOffsets != null) {
            requireSize("offsets", heapOffsets.length, keyGroups);
        }
    }

    private static void requireSize(String what, int size, int keyGroups) {
        if (size != keyGroups) {
            throw new IllegalArgumentException(
                    "The manifest of a checkpoint has "
                            + size
                            + " instead of "
                            + keyGroups
                            + " key groups for its "
                            + what
                            + ".");
        }
    }

    Manifest withHeapOffsets(long @Nullable [] offsets) {
        return new Manifest(range, targets, residences, unlisted, offsets);
    }

    byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeInt(VERSION);
            out.writeInt(range.getStartKeyGroup());
            out.writeInt(range.getEndKeyGroup());
            for (Tier target : targets) {
                out.writeBoolean(target == Tier.DISK);
            }
            out.writeInt(residences.size());
            for (Map.Entry<String, byte[]> state : residences.entrySet()) {
                out.writeUTF(state.getKey());
                out.write(state.getValue());
            }
            out.write(unlisted);
            out.writeBoolean(heapOffsets != null);
            if (heapOffsets != null) {
                for (long offset : heapOffsets) {
                    out.writeLong(offset);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * @throws IOException if the bytes are not a manifest of this version
     */
    static Manifest fromBytes(byte[] bytes) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int magic = in.readInt();
            int version = in.readInt();
            if (magic != MAGIC || version != VERSION) {
                throw new IOException(
                        "The manifest of a checkpoint of the adaptive state backend starts with "
                                + magic
                                + " and version "
                                + version
                                + "; this release reads "
                                + MAGIC
                                + " and version "
                                + VERSION
                                + ". Restore with the release that wrote the checkpoint, take a "
                                + "canonical savepoint there, and restore that.");
            }
            KeyGroupRange range = KeyGroupRange.of(in.readInt(), in.readInt());
            Tier[] targets = new Tier[range.getNumberOfKeyGroups()];
            for (int i = 0; i < targets.length; i++) {
                targets[i] = in.readBoolean() ? Tier.DISK : Tier.HEAP;
            }
            int states = in.readInt();
            Map<String, byte[]> residences = new LinkedHashMap<>();
            for (int i = 0; i < states; i++) {
                residences.put(in.readUTF(), readGroups(in, range));
            }
            byte[] unlisted = readGroups(in, range);
            long[] offsets = null;
            if (in.readBoolean()) {
                offsets = new long[range.getNumberOfKeyGroups()];
                for (int i = 0; i < offsets.length; i++) {
                    offsets[i] = in.readLong();
                }
            }
            return new Manifest(range, targets, residences, unlisted, offsets);
        }
    }

    private static byte[] readGroups(DataInputStream in, KeyGroupRange range) throws IOException {
        byte[] groups = new byte[range.getNumberOfKeyGroups()];
        in.readFully(groups);
        return groups;
    }
}
