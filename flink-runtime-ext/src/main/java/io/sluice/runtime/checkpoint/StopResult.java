package io.sluice.runtime.checkpoint;

import org.jspecify.annotations.Nullable;

import java.io.Serial;
import java.io.Serializable;

/**
 * A job that was stopped with a checkpoint.
 *
 * @param checkpoint path that survives the job and from which it can be started again
 * @param triggered whether the checkpoint was taken for the stop
 * @param export path of the copy, if one was asked for and made
 * @param exportedBytes its size
 * @param exportFailure why there is no copy though one was asked for
 */
public record StopResult(
        String checkpoint,
        boolean triggered,
        @Nullable String export,
        long exportedBytes,
        @Nullable String exportFailure)
        implements Serializable {

    @Serial private static final long serialVersionUID = 1;

    StopResult exported(CheckpointExport.Exported exported) {
        return new StopResult(checkpoint, triggered, exported.path(), exported.bytes(), null);
    }

    StopResult notExported(String reason) {
        return new StopResult(checkpoint, triggered, null, 0, reason);
    }
}
