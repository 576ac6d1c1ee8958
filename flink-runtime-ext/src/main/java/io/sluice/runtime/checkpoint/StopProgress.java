package io.sluice.runtime.checkpoint;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** How far a stop is, for those who may have to do without its result. Thread-safe. */
public final class StopProgress {

    private final CompletableFuture<Void> jobEnded = new CompletableFuture<>();
    private volatile @Nullable String checkpoint;

    public void checkpointIs(String path) {
        checkpoint = path;
    }

    /** From now on the Dispatcher is not needed any more. */
    public void jobHasEnded() {
        jobEnded.complete(null);
    }

    /** Returns the path of the checkpoint with which the job can be started again, once known. */
    public Optional<String> checkpoint() {
        return Optional.ofNullable(checkpoint);
    }

    public boolean hasJobEnded() {
        return jobEnded.isDone();
    }

    /** Completes when the job is known to have ended; never if nobody comes to know. */
    public CompletableFuture<Void> jobEnded() {
        return jobEnded.copy();
    }
}
