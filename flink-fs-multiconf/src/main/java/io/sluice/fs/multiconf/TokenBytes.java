package io.sluice.fs.multiconf;

/**
 * Delegation tokens of one binding, as Hadoop writes them. Whoever has them is who they were made
 * for, so they are printed nowhere.
 */
public final class TokenBytes {

    private final byte[] credentials;

    private TokenBytes(byte[] credentials) {
        this.credentials = credentials;
    }

    /** Takes a copy. */
    public static TokenBytes of(byte[] credentials) {
        return new TokenBytes(credentials.clone());
    }

    /** Returns a copy. */
    public byte[] copy() {
        return credentials.clone();
    }

    @Override
    public String toString() {
        return "delegation tokens of %d bytes".formatted(credentials.length);
    }
}
