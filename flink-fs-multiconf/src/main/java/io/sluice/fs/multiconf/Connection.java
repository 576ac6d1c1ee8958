package io.sluice.fs.multiconf;

import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.TimeUtils;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The file system behind a binding, made by a thread of its own when it is needed first. Nobody
 * waits longer than the timeout, also if the network does not answer.
 *
 * <p><b>Threads.</b> Any. All wait for the same attempt. One that has failed is followed by another
 * when the file system is needed again; one that hangs goes on, and no second one is begun.
 */
final class Connection {

    private final String binding;
    private final URI target;
    private final Duration timeout;
    private final String timeoutKey;
    private final Callable<FileSystem> opening;

    private volatile @Nullable FileSystem connected;

    /** Guarded by this. */
    private @Nullable CompletableFuture<FileSystem> attempt;

    /**
     * @param target of whom error messages tell
     * @param timeoutKey of the option that sets {@code timeout}
     */
    Connection(
            String binding,
            URI target,
            Duration timeout,
            String timeoutKey,
            Callable<FileSystem> opening) {
        this.binding = binding;
        this.target = target;
        this.timeout = timeout;
        this.timeoutKey = timeoutKey;
        this.opening = opening;
    }

    /**
     * Returns the file system, made if need be.
     *
     * @throws IOException if that fails or takes too long; trying again may help
     */
    FileSystem get() throws IOException {
        FileSystem present = connected;
        return present == null ? await(begun()) : present;
    }

    private synchronized CompletableFuture<FileSystem> begun() {
        CompletableFuture<FileSystem> current = attempt;
        if (current == null || current.isCompletedExceptionally()) {
            CompletableFuture<FileSystem> started = new CompletableFuture<>();
            Thread thread = new Thread(() -> connect(started), "fs-multiconf-connect-" + binding);
            thread.setDaemon(true);
            // Otherwise the loader of the job that happens to come first would be kept.
            thread.setContextClassLoader(Connection.class.getClassLoader());
            attempt = started;
            thread.start();
            return started;
        }
        return current;
    }

    private void connect(CompletableFuture<FileSystem> result) {
        try {
            FileSystem made = opening.call();
            connected = made;
            result.complete(made);
        } catch (Throwable t) {
            result.completeExceptionally(t);
            ExceptionUtils.rethrowIfFatalError(t);
        }
    }

    private FileSystem await(CompletableFuture<FileSystem> current) throws IOException {
        try {
            return current.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new NoConnectionException(
                    "Binding %s cannot connect to %s: %s"
                            .formatted(binding, target, messageOf(cause)),
                    cause);
        } catch (TimeoutException e) {
            throw new NoConnectionException(
                    "Binding %s has no connection to %s after %s: its login or its servers do not answer. It goes on trying; see whether they can be reached from this machine, or raise %s."
                            .formatted(
                                    binding,
                                    target,
                                    TimeUtils.formatWithHighestUnit(timeout),
                                    timeoutKey),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted =
                    new InterruptedIOException(
                            "Interrupted while binding %s connects to %s."
                                    .formatted(binding, target));
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    private static String messageOf(@Nullable Throwable failure) {
        if (failure == null) {
            return "for an unknown reason";
        }
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    /** Says already what users need to know. */
    static final class NoConnectionException extends IOException {

        private static final long serialVersionUID = 1L;

        private NoConnectionException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
