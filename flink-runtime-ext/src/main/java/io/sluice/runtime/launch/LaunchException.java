package io.sluice.runtime.launch;

/** A process cannot be started. The message is one line that the script prints as it is. */
final class LaunchException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LaunchException(String message) {
        super(message);
    }
}
