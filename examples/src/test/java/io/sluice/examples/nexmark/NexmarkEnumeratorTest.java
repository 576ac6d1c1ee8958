package io.sluice.examples.nexmark;

import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NexmarkEnumeratorTest {

    private final RecordingContext context = new RecordingContext(3);

    @Test
    void everyReaderGetsItsSplitsAtOnce() {
        NexmarkEnumerator enumerator = new NexmarkEnumerator(context, NexmarkSource.allSplits());

        List.of(2, 0, 1).forEach(enumerator::addReader);

        assertThat(context.assigned.get(1))
                .hasSize(43)
                .allMatch(split -> split.index() % 3 == 1 && split.next() == split.index());
        assertThat(context.assigned.values().stream().flatMap(List::stream))
                .containsExactlyInAnyOrderElementsOf(NexmarkSource.allSplits());
        assertThat(context.told).containsExactly(2, 0, 1);
        assertThat(enumerator.snapshotState(1)).isEmpty();
    }

    @Test
    void splitsOfAFailedReaderComeBackToIt() {
        NexmarkEnumerator enumerator = new NexmarkEnumerator(context, NexmarkSource.allSplits());
        List.of(0, 1, 2).forEach(enumerator::addReader);
        List<NexmarkSplit> lost = List.copyOf(context.assigned.get(1));
        context.assigned.clear();

        enumerator.addSplitsBack(lost, 1);
        assertThat(enumerator.snapshotState(1)).containsExactlyInAnyOrderElementsOf(lost);
        enumerator.addReader(1);

        assertThat(context.assigned).containsOnlyKeys(1);
        assertThat(context.assigned.get(1)).containsExactlyInAnyOrderElementsOf(lost);
        assertThat(context.told).containsExactly(0, 1, 2, 1);
    }

    @Test
    void readerThatRestoredItsSplitsIsToldThatThereAreNoMore() {
        NexmarkEnumerator enumerator = new NexmarkEnumerator(context, List.of());

        enumerator.addReader(2);

        assertThat(context.assigned).isEmpty();
        assertThat(context.told).containsExactly(2);
    }

    @Test
    void stateIsReadAsItWasWritten() throws Exception {
        List<NexmarkSplit> splits =
                List.of(new NexmarkSplit(0, 128, 1_280), new NexmarkSplit(127, 128, 127));
        NexmarkEnumeratorStateSerializer serializer = new NexmarkEnumeratorStateSerializer();
        NexmarkSplitSerializer ofSplit = new NexmarkSplitSerializer();

        assertThat(serializer.deserialize(1, serializer.serialize(splits))).isEqualTo(splits);
        assertThat(ofSplit.deserialize(1, ofSplit.serialize(splits.get(0))))
                .isEqualTo(splits.get(0));
        assertThatThrownBy(() -> serializer.deserialize(2, new byte[0]))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "Cannot restore the Nexmark source: its state has version 2, this jar"
                                + " reads version 1. Use the jar that wrote the savepoint.");
    }

    @Test
    void splitOffItsStrideIsRejected() {
        assertThatThrownBy(() -> new NexmarkSplit(3, 128, 132))
                .hasMessage(
                        "index=3, stride=128, next=132: next must be index plus a multiple of"
                                + " stride");
    }

    /** Keeps what the enumerator asks for. */
    private static final class RecordingContext implements SplitEnumeratorContext<NexmarkSplit> {

        final Map<Integer, List<NexmarkSplit>> assigned = new TreeMap<>();
        final List<Integer> told = new ArrayList<>();
        private final int parallelism;

        RecordingContext(int parallelism) {
            this.parallelism = parallelism;
        }

        @Override
        public int currentParallelism() {
            return parallelism;
        }

        @Override
        public void assignSplits(SplitsAssignment<NexmarkSplit> assignment) {
            assignment
                    .assignment()
                    .forEach(
                            (reader, splits) ->
                                    assigned.computeIfAbsent(reader, absent -> new ArrayList<>())
                                            .addAll(splits));
        }

        @Override
        public void signalNoMoreSplits(int reader) {
            told.add(reader);
        }

        @Override
        public SplitEnumeratorMetricGroup metricGroup() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void sendEventToSourceReader(int subtaskId, SourceEvent event) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Map<Integer, ReaderInfo> registeredReaders() {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T> void callAsync(Callable<T> callable, BiConsumer<T, Throwable> handler) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T> void callAsync(
                Callable<T> callable,
                BiConsumer<T, Throwable> handler,
                long initialDelayMillis,
                long periodMillis) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void runInCoordinatorThread(Runnable runnable) {
            throw new UnsupportedOperationException();
        }
    }
}
