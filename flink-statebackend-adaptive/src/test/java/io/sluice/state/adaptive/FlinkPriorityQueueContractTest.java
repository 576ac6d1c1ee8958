package io.sluice.state.adaptive;

import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.InternalPriorityQueue;
import org.apache.flink.runtime.state.InternalPriorityQueueTestBase;

import io.sluice.state.adaptive.store.TestPlacement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/** Flink's published test of the queues of timers, in each placement: they are on heap in all. */
class FlinkPriorityQueueContractTest {

    @Nested
    class OnHeap extends Contract {
        OnHeap() {
            super(TestPlacement.ALL_HEAP);
        }
    }

    @Nested
    class OnDisk extends Contract {
        OnDisk() {
            super(TestPlacement.ALL_DISK);
        }
    }

    @Nested
    class Alternating extends Contract {
        Alternating() {
            super(TestPlacement.ALTERNATING);
        }
    }

    @Nested
    class Chaos extends Contract {
        Chaos() {
            super(TestPlacement.CHAOS);
        }
    }

    private abstract static class Contract extends InternalPriorityQueueTestBase {

        private final TestPlacement placement;

        @TempDir Path directory;

        private @Nullable KeyedBackends backends;
        private @Nullable AbstractKeyedStateBackend<Long> backend;

        Contract(TestPlacement placement) {
            this.placement = placement;
        }

        @Override
        protected InternalPriorityQueue<TestElement> newPriorityQueue(int initialCapacity) {
            try {
                KeyedBackends opened = new KeyedBackends(directory, new KeyedBackends.Time(), 0);
                backends = opened;
                backend =
                        opened.open(
                                opened.adaptive(placement),
                                LongSerializer.INSTANCE,
                                KEY_GROUP_RANGE.getNumberOfKeyGroups(),
                                KEY_GROUP_RANGE,
                                List.of());
                return backend.create("queue", TestElementSerializer.INSTANCE);
            } catch (Exception e) {
                throw new IllegalStateException("No backend to test the queue of.", e);
            }
        }

        @AfterEach
        void close() throws Exception {
            if (backend != null) {
                backend.close();
                backend.dispose();
            }
            if (backends != null) {
                backends.close();
            }
        }

        @Override
        protected boolean testSetSemanticsAgainstDuplicateElements() {
            return true;
        }
    }
}
