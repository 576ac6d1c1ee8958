package io.sluice.systemtests.faults.job;

import io.sluice.state.adaptive.control.BackendStatus;

import java.util.List;

/**
 * What the backend of one subtask says of its moves, as far as the test asks.
 *
 * @param rowsSinceOrder rows that have moved since the order was first seen
 * @param order the {@link MoveOrder} that was last passed on; empty before the first
 */
public record MoveStatus(
        int subtask,
        int groupsOnHeap,
        int groupsOnDisk,
        int groupsMoving,
        long rowsSinceOrder,
        String order) {

    static MoveStatus of(BackendStatus status, long rowsAtOrder, String order) {
        return new MoveStatus(
                status.subtask(),
                status.keyGroupsOnHeap(),
                status.keyGroupsOnDisk(),
                status.keyGroupsMoving(),
                status.rowsMoved() - rowsAtOrder,
                order);
    }

    static MoveStatus parse(String text) {
        List<String> words = List.of(text.split(" ", 6));
        return new MoveStatus(
                Integer.parseInt(words.get(0)),
                Integer.parseInt(words.get(1)),
                Integer.parseInt(words.get(2)),
                Integer.parseInt(words.get(3)),
                Long.parseLong(words.get(4)),
                words.get(5));
    }

    String toText() {
        return "%d %d %d %d %d %s"
                .formatted(
                        subtask, groupsOnHeap, groupsOnDisk, groupsMoving, rowsSinceOrder, order);
    }
}
