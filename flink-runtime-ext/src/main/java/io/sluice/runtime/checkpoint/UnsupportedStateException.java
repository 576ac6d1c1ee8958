package io.sluice.runtime.checkpoint;

import java.io.IOException;
import java.io.Serial;

/** A checkpoint holds what cannot be exported. The message says what to change. */
public final class UnsupportedStateException extends IOException {

    @Serial private static final long serialVersionUID = 1;

    UnsupportedStateException(String message) {
        super(message);
    }
}
