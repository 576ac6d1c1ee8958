package io.sluice.state.adaptive.snapshot;

import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.runtime.state.PhysicalStateHandleID;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

class BufferedStreamTest {

    private static final int SIZE = 200_000;

    private static ByteStreamStateHandle handle() {
        byte[] bytes = new byte[SIZE];
        new Random(1).nextBytes(bytes);
        return new ByteStreamStateHandle("state", bytes);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void readsAndSeeksAsTheStreamBelow(long seed) throws IOException {
        Random random = new Random(seed);
        try (FSDataInputStream plain = handle().openInputStream();
                FSDataInputStream buffered = new BufferedHandle(handle()).openInputStream()) {
            for (int i = 0; i < 2000; i++) {
                switch (random.nextInt(4)) {
                    case 0 -> assertThat(buffered.read()).isEqualTo(plain.read());
                    case 1 -> {
                        long position = random.nextInt(SIZE);
                        plain.seek(position);
                        buffered.seek(position);
                    }
                    case 2 -> {
                        int length = random.nextInt(100_000);
                        assertThat(buffered.readNBytes(length)).isEqualTo(plain.readNBytes(length));
                    }
                    default -> assertThat(buffered.getPos()).isEqualTo(plain.getPos());
                }
            }
        }
    }

    @Test
    void handleIsTheOneBelowButForItsStreams() {
        ByteStreamStateHandle below = handle();

        BufferedHandle buffered = new BufferedHandle(below);

        assertThat(buffered.getStateSize()).isEqualTo(SIZE);
        PhysicalStateHandleID id = buffered.getStreamStateHandleID();
        assertThat(id).isEqualTo(below.getStreamStateHandleID());
        assertThat(buffered.asBytesIfInMemory()).isEqualTo(below.asBytesIfInMemory());
    }
}
