package io.sluice.benchmarks.session;

/** The command line cannot be used; the message is one line. */
public final class OptionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public OptionException(String message) {
        super(message);
    }
}
