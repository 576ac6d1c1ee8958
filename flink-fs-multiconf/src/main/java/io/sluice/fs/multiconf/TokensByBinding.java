package io.sluice.fs.multiconf;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the JobManager sends to all processes: the tokens of each binding, by its name.
 *
 * @param tokens of the bindings that have some
 */
record TokensByBinding(Map<String, TokenBytes> tokens) {

    private static final int VERSION = 1;

    TokensByBinding {
        tokens = Map.copyOf(tokens);
    }

    byte[] serialized() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeInt(tokens.size());
            for (Map.Entry<String, TokenBytes> entry : new TreeMap<>(tokens).entrySet()) {
                byte[] credentials = entry.getValue().copy();
                out.writeUTF(entry.getKey());
                out.writeInt(credentials.length);
                out.write(credentials);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads what {@link #serialized} wrote.
     *
     * @throws IOException if it is something else
     */
    static TokensByBinding read(byte[] serialized) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(serialized))) {
            int version = in.readByte();
            if (version != VERSION) {
                throw new IOException(
                        "Cannot read delegation tokens of version %d: this process knows version %d. JobManager and TaskManagers must have the same plugin fs-multiconf."
                                .formatted(version, VERSION));
            }
            Map<String, TokenBytes> tokens = new TreeMap<>();
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                String binding = in.readUTF();
                int length = in.readInt();
                byte[] credentials = in.readNBytes(length);
                if (credentials.length < length) {
                    throw new IOException(
                            "Delegation tokens of binding %s are cut off after %d of %d bytes."
                                    .formatted(binding, credentials.length, length));
                }
                tokens.put(binding, TokenBytes.of(credentials));
            }
            return new TokensByBinding(tokens);
        }
    }
}
