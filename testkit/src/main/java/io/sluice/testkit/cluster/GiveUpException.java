package io.sluice.testkit.cluster;

/** What is awaited can no longer happen: a probe throws this to end an {@link Await} at once. */
public class GiveUpException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public GiveUpException(String message) {
        super(message);
    }
}
