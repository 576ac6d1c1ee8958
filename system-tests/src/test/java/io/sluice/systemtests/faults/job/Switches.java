package io.sluice.systemtests.faults.job;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Files by which a test steers the job, and by which the job says how far it is: each is there or
 * not, and may hold text. Thread-safe, and safe between processes.
 */
public final class Switches {

    /** The variable of the TaskManagers' environment that names the directory. */
    public static final String VARIABLE = "FAULT_MATRIX_SWITCHES";

    /** Set by the test: records are read as fast as they can be. Without it, only the first are. */
    public static final String FULL_SPEED = "full-speed";

    /** Set by the test: the next record of one subtask fails, and takes the switch away. */
    public static final String FAIL = "fail";

    /** Set by the test: what is to be moved, as {@link MoveOrder} writes it. */
    public static final String MOVE = "move";

    /** Set by the test: checkpoints wait in their asynchronous part, restores in the heap part. */
    public static final String HOLD_SNAPSHOT = "hold-snapshot";

    public static final String HOLD_RESTORE = "hold-restore";

    /** Set by the test: records wait in the function, so that the task does nothing else either. */
    public static final String HOLD_RECORDS = "hold-records";

    /** Set by the job, one for each subtask: all keys have state, and records are slow. */
    private static final String FILLED = "filled-";

    private static final String HELD = "-is-held";
    private static final String STATUS = "status-";
    private static final long POLL_MILLIS = 10;

    private final Path directory;

    public Switches(Path directory) {
        this.directory = directory;
    }

    /** Returns those that the environment of this process names. */
    static Switches ofProcess() {
        String name = System.getenv(VARIABLE);
        if (name == null) {
            throw new IllegalStateException(
                    "The environment has no %s. Start the cluster with it.".formatted(VARIABLE));
        }
        return new Switches(Path.of(name));
    }

    public boolean isOn(String name) {
        return Files.exists(directory.resolve(name));
    }

    public void turnOn(String name) {
        write(name, "");
    }

    /** Sets a switch with a text; nobody sees half of it. */
    public void write(String name, String text) {
        try {
            Path unfinished = Files.createTempFile(directory, name, ".new");
            Files.writeString(unfinished, text);
            Files.move(unfinished, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot set the switch '%s'.".formatted(name), e);
        }
    }

    public Optional<String> text(String name) {
        try {
            return Optional.of(Files.readString(directory.resolve(name)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the switch '%s'.".formatted(name), e);
        }
    }

    /** Takes a switch away and returns whether it was there; of several callers, one gets true. */
    public boolean turnOff(String name) {
        try {
            return Files.deleteIfExists(directory.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot take the switch '%s' away.".formatted(name), e);
        }
    }

    /** Returns whether somebody waits, or waited, in {@link #hold}. */
    public boolean isHeld(String name) {
        return isOn(name + HELD);
    }

    /** Lets those go on that wait in {@link #hold}. */
    public void release(String name) {
        turnOff(name);
        turnOff(name + HELD);
    }

    /**
     * Waits while the switch is on.
     *
     * @throws InterruptedIOException if the thread is interrupted, as Flink does to cancel it
     */
    void hold(String name) throws InterruptedIOException {
        while (isOn(name)) {
            if (!isHeld(name)) {
                turnOn(name + HELD);
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("Interrupted while held by '%s'.".formatted(name));
            }
        }
    }

    void setFilled(int subtask) {
        turnOn(FILLED + subtask);
    }

    public boolean isFilled(int subtask) {
        return isOn(FILLED + subtask);
    }

    public Optional<MoveStatus> status(int subtask) {
        return text(STATUS + subtask).map(MoveStatus::parse);
    }

    void writeStatus(MoveStatus status) {
        write(STATUS + status.subtask(), status.toText());
    }

    /** Forgets what a subtask said: what is there afterwards comes from one that runs. */
    public void forgetStatus(int subtask) {
        turnOff(STATUS + subtask);
    }

    /** Takes all switches away. */
    public void reset() {
        try (Stream<Path> files = Files.list(directory)) {
            files.forEach(file -> turnOff(String.valueOf(file.getFileName())));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list the switches.", e);
        }
    }
}
