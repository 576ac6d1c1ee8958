package io.sluice.systemtests.faults.job;

import io.sluice.state.adaptive.control.BackendStatus;
import io.sluice.state.adaptive.control.StateControl;

import java.util.function.Predicate;

/**
 * Passes the test's orders to the state backend of one subtask, and its status to the test: a
 * thread, from the opening of the function to its closing.
 */
final class Steering implements AutoCloseable {

    private static final long POLL_MILLIS = 20;

    private final Switches switches;
    private final Predicate<BackendStatus> own;
    private final Thread thread = new Thread(this::run, "fault-matrix-steering");
    private volatile boolean closed;

    // Owned by the thread.
    private String order = "";
    private long rowsAtOrder;

    Steering(Switches switches, String jobId, int subtask, int attempt) {
        this.switches = switches;
        this.own =
                status ->
                        status.jobId().equals(jobId)
                                && status.subtask() == subtask
                                && status.attempt() == attempt;
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (!closed) {
                StateControl.ofProcess().list().stream().filter(own).forEach(this::steer);
                Thread.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private void steer(BackendStatus status) {
        switches.text(Switches.MOVE).ifPresent(text -> move(text, status));
        switches.writeStatus(MoveStatus.of(status, rowsAtOrder, order));
    }

    private void move(String text, BackendStatus status) {
        boolean isNew = !text.equals(order);
        if (isNew) {
            order = text;
            rowsAtOrder = status.rowsMoved();
        }
        MoveOrder wanted = MoveOrder.parse(text);
        if (isNew || status.rowsMoved() - rowsAtOrder < wanted.rows()) {
            StateControl.ofProcess()
                    .move(own, wanted.target(), wanted.fraction(), wanted.taskShare());
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
