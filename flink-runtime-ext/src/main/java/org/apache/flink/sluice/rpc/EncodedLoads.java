package org.apache.flink.sluice.rpc;

import java.io.Serial;
import java.io.Serializable;

/** What tasks did with their time, in few bytes: see {@code LoadCodec}. */
public final class EncodedLoads implements Serializable {

    @Serial private static final long serialVersionUID = 1;

    private final byte[] bytes;

    /**
     * Keeps the array.
     *
     * @param bytes empty if backpressure is not tracked there
     */
    public EncodedLoads(byte[] bytes) {
        this.bytes = bytes;
    }

    public byte[] bytes() {
        return bytes;
    }
}
