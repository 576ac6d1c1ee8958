package io.sluice.systemtests.faults;

import io.sluice.state.adaptive.placement.Tier;
import io.sluice.systemtests.faults.job.MoveOrder;
import io.sluice.systemtests.faults.job.Switches;

/**
 * How far a job is when the fault comes. Each has a completed checkpoint of just that placement.
 */
enum Stage {
    BEFORE_A_MOVE("before a move", Tier.DISK),
    MID_MOVE_OUT("mid-move out", Tier.DISK),
    MID_MOVE_IN("mid-move in", Tier.HEAP),
    DURING_THE_SNAPSHOT("during the snapshot", Tier.DISK),
    DURING_RESTORE("during restore", Tier.DISK);

    /** Of about 2,800 rows of a subtask: values, lists, and eight map entries a key. */
    private static final long ROWS = 300;

    private final String text;
    private final Tier target;

    Stage(String text, Tier target) {
        this.text = text;
        this.target = target;
    }

    /** Where state is being moved at this stage, or will be. */
    Tier target() {
        return target;
    }

    void reach(TallyRun run) throws InterruptedException {
        run.awaitFilled();
        switch (this) {
            case BEFORE_A_MOVE -> run.checkpoint();
            case MID_MOVE_OUT -> moveOutHalfWay(run);
            case MID_MOVE_IN -> {
                run.order(MoveOrder.all(Tier.DISK));
                run.awaitAllIn(Tier.DISK);
                run.checkpoint();
                run.order(MoveOrder.partOfTheWay(Tier.HEAP, ROWS));
                run.awaitRest(ROWS);
                run.checkpoint();
            }
            case DURING_THE_SNAPSHOT -> {
                moveOutHalfWay(run);
                run.startHeldCheckpoint();
            }
            case DURING_RESTORE -> {
                moveOutHalfWay(run);
                run.failAndHoldRestore();
            }
        }
    }

    private static void moveOutHalfWay(TallyRun run) throws InterruptedException {
        run.order(MoveOrder.partOfTheWay(Tier.DISK, ROWS));
        run.awaitRest(ROWS);
        run.checkpoint();
    }

    /** Lets the job go on with what it does at this stage. */
    void goOn(TallyRun run) {
        run.switches().release(Switches.HOLD_SNAPSHOT);
        run.switches().release(Switches.HOLD_RESTORE);
        run.order(MoveOrder.all(target));
    }

    @Override
    public String toString() {
        return text;
    }
}
