package io.sluice.state.adaptive.placement;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The lines that tell an operator what is moved and why. */
final class Explanation {

    private static final double MIB = 1 << 20;

    private Explanation() {}

    /**
     * Key groups leave because of the heap as a whole.
     *
     * @param occupiedBytes what of the heap counts, without what moves have freed or will free
     */
    static String relief(
            Reason reason,
            HeapReading heap,
            long occupiedBytes,
            PolicySettings settings,
            String moves) {
        return switch (reason) {
            case PANIC -> aboveMark(heap, occupiedBytes, "panic", settings.panicMark(), moves);
            case PRESSURE -> aboveMark(heap, occupiedBytes, "high", settings.highMark(), moves);
            case COLLECTION_TIME ->
                    collectionTime(heap, occupiedBytes, settings.maxCollectionTimeShare(), moves);
            case NONE, BUDGET, ROOM ->
                    throw new IllegalArgumentException(reason + " is no relief of the heap");
        };
    }

    private static String aboveMark(
            HeapReading heap, long occupiedBytes, String markName, double mark, String moves) {
        String earlier =
                occupiedBytes == heap.usedAfterCollectionBytes()
                        ? ""
                        : ", about %s without groups that leave and known garbage"
                                .formatted(mebibytes(occupiedBytes));
        return "Heap %s full after collection (%s%s), above the %s mark of %s: %s"
                .formatted(
                        percent(heap.usedAfterCollectionBytes(), heap.maxBytes()),
                        of(heap.usedAfterCollectionBytes(), heap.maxBytes()),
                        earlier,
                        markName,
                        percent(mark),
                        moves);
    }

    private static String collectionTime(
            HeapReading heap, long occupiedBytes, double limit, String moves) {
        return "Collections take %s of the time, above the limit of %s, with the heap %s full (%s): %s"
                .formatted(
                        percent(heap.collectionTimeShare()),
                        percent(limit),
                        percent(occupiedBytes, heap.maxBytes()),
                        of(occupiedBytes, heap.maxBytes()),
                        moves);
    }

    static String budget(
            Map<String, SlotBudget> budgets, Map<String, Long> bytesBySlot, String moves) {
        List<String> slots = new ArrayList<>();
        bytesBySlot.forEach(
                (slot, bytes) -> {
                    SlotBudget budget = Objects.requireNonNull(budgets.get(slot));
                    slots.add(
                            "about %s of %s in slot %s"
                                    .formatted(
                                            mebibytesNumber(bytes),
                                            mebibytes(budget.bytes()),
                                            slot));
                });
        return "State on heap above the budget (%s): %s".formatted(String.join(", ", slots), moves);
    }

    static String room(
            HeapReading heap, long levelBytes, double lowMark, Duration since, String moves) {
        return "Heap at most %s full of live data (%s), below the low mark of %s for %d s: %s"
                .formatted(
                        percent(levelBytes, heap.maxBytes()),
                        of(levelBytes, heap.maxBytes()),
                        percent(lowMark),
                        since.toSeconds(),
                        moves);
    }

    static String toDisk(List<Candidate> moved) {
        return moving(
                moved.size(),
                moved.stream().mapToLong(candidate -> candidate.load().heapBytes()).sum(),
                moved.stream().mapToLong(candidate -> candidate.load().heapEntries()).sum(),
                "to disk");
    }

    static String toHeap(List<Candidate> moved) {
        return moving(
                moved.size(),
                moved.stream().mapToLong(candidate -> candidate.load().diskBytes()).sum(),
                moved.stream().mapToLong(candidate -> candidate.load().diskEntries()).sum(),
                "back to heap");
    }

    static String atPace(double paceFactor) {
        return " at %.0f times the pace".formatted(paceFactor);
    }

    static String notEnough(long restBytes) {
        return "; moving state cannot free enough, other users of the heap hold about %s"
                .formatted(mebibytes(restBytes));
    }

    private static String moving(int groups, long bytes, long entries, String where) {
        return "moving %d key group%s (about %s, %s) %s"
                .formatted(
                        groups, groups == 1 ? "" : "s", mebibytes(bytes), entries(entries), where);
    }

    private static String of(long bytes, long maxBytes) {
        return "%s of %s MiB".formatted(mebibytesNumber(bytes), mebibytesNumber(maxBytes));
    }

    private static String mebibytes(long bytes) {
        return mebibytesNumber(bytes) + " MiB";
    }

    private static String mebibytesNumber(long bytes) {
        double mebibytes = bytes / MIB;
        boolean whole = mebibytes >= 10 || mebibytes == Math.rint(mebibytes);
        return String.format(Locale.ROOT, whole ? "%.0f" : "%.1f", mebibytes);
    }

    private static String entries(long entries) {
        if (entries == 1) {
            return "1 entry";
        }
        if (entries < 10_000) {
            return entries + " entries";
        }
        return entries < 1_000_000
                ? String.format(Locale.ROOT, "%.0f k entries", entries / 1e3)
                : String.format(Locale.ROOT, "%.1f M entries", entries / 1e6);
    }

    private static String percent(long bytes, long maxBytes) {
        return percent((double) bytes / maxBytes);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }
}
