package io.sluice.examples.nexmark;

import org.apache.flink.core.io.InputStatus;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import static org.assertj.core.api.Assertions.assertThat;

class NexmarkReaderTest {

    private static final NexmarkSettings SETTINGS = NexmarkSettings.defaults().withEvents(1_000);

    private final RecordingOutput output = new RecordingOutput();
    private long nowNanos;

    private NexmarkReader<NexmarkEvent> reader(NexmarkSettings settings) {
        return new NexmarkReader<>(settings, event -> event, () -> nowNanos);
    }

    private static List<NexmarkSplit> splitsOfReader(int reader, int readers) {
        return NexmarkSource.allSplits().stream()
                .filter(split -> split.index() % readers == reader)
                .toList();
    }

    private static List<NexmarkEvent> allEvents() {
        NexmarkGenerator generator = new NexmarkGenerator(SETTINGS);
        return LongStream.range(0, SETTINGS.events()).mapToObj(generator::event).toList();
    }

    private static void readToEnd(NexmarkReader<NexmarkEvent> reader, RecordingOutput output) {
        reader.notifyNoMoreSplits();
        InputStatus status = InputStatus.MORE_AVAILABLE;
        while (status != InputStatus.END_OF_INPUT) {
            assertThat(status).isEqualTo(InputStatus.MORE_AVAILABLE);
            status = reader.pollNext(output);
        }
    }

    @ParameterizedTest(name = "{0} readers")
    @CsvSource({"1", "2", "3", "7", "128", "200"})
    void anyNumberOfReadersEmitsTheSameEvents(int readers) {
        List<NexmarkEvent> union = new ArrayList<>();
        for (int index = 0; index < readers; index++) {
            NexmarkReader<NexmarkEvent> reader = reader(SETTINGS);
            RecordingOutput part = new RecordingOutput();
            reader.addSplits(splitsOfReader(index, readers));
            readToEnd(reader, part);

            assertThat(part.events)
                    .isSortedAccordingTo(Comparator.comparing(NexmarkEvent::dateTime));
            union.addAll(part.events);
        }

        union.sort(Comparator.comparing(NexmarkEvent::dateTime));
        assertThat(union).isEqualTo(allEvents());
    }

    @Test
    void nothingIsEmittedBeforeAllSplitsAreHere() {
        NexmarkReader<NexmarkEvent> reader = reader(SETTINGS);
        reader.addSplits(splitsOfReader(1, 2));

        assertThat(reader.pollNext(output)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
        assertThat(reader.isAvailable()).isNotDone();

        reader.addSplits(splitsOfReader(0, 2));
        readToEnd(reader, output);
        assertThat(reader.isAvailable()).isDone();
        assertThat(output.events).isEqualTo(allEvents());
    }

    @Test
    void restoredReadersContinueAtAnyOtherNumberOfReaders() {
        NexmarkReader<NexmarkEvent> first = reader(SETTINGS);
        first.addSplits(splitsOfReader(0, 2));
        first.notifyNoMoreSplits();
        NexmarkReader<NexmarkEvent> second = reader(SETTINGS);
        second.addSplits(splitsOfReader(1, 2));
        second.notifyNoMoreSplits();
        IntStream.range(0, 313).forEach(poll -> first.pollNext(output));
        IntStream.range(0, 57).forEach(poll -> second.pollNext(output));

        List<NexmarkSplit> state = new ArrayList<>(first.snapshotState(1));
        state.addAll(second.snapshotState(1));
        NexmarkReader<NexmarkEvent> restored = reader(SETTINGS);
        restored.addSplits(state);
        RecordingOutput rest = new RecordingOutput();
        readToEnd(restored, rest);

        assertThat(rest.events).isSortedAccordingTo(Comparator.comparing(NexmarkEvent::dateTime));
        List<NexmarkEvent> union = new ArrayList<>(output.events);
        union.addAll(rest.events);
        union.sort(Comparator.comparing(NexmarkEvent::dateTime));
        assertThat(output.events).hasSize(313 + 57);
        assertThat(union).isEqualTo(allEvents());
    }

    @Test
    void readerWithoutSplitsEnds() {
        NexmarkReader<NexmarkEvent> reader = reader(SETTINGS);
        reader.notifyNoMoreSplits();

        assertThat(reader.pollNext(output)).isEqualTo(InputStatus.END_OF_INPUT);
    }

    @Test
    void readerEmitsItsShareOfTheRate() {
        NexmarkReader<NexmarkEvent> reader = reader(SETTINGS.withEventsPerSecond(100));
        reader.addSplits(splitsOfReader(0, 4));
        reader.notifyNoMoreSplits();

        for (int step = 0; step < 20; step++) {
            while (reader.pollNext(output) == InputStatus.MORE_AVAILABLE) {}
            nowNanos += TimeUnit.MILLISECONDS.toNanos(100);
        }

        // A quarter of 100 per second, from 0 to 1.9 seconds.
        assertThat(output.events).hasSize(1 + 47);
    }

    @Test
    void readerThatWaitsForItsTurnIsUnavailableForThatLong() {
        NexmarkReader<NexmarkEvent> reader =
                reader(SETTINGS.withEventsPerSecond(20)); // one event each 50 ms
        reader.addSplits(NexmarkSource.allSplits());
        reader.notifyNoMoreSplits();
        assertThat(reader.pollNext(output)).isEqualTo(InputStatus.MORE_AVAILABLE);

        assertThat(reader.pollNext(output)).isEqualTo(InputStatus.NOTHING_AVAILABLE);

        assertThat(reader.isAvailable()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(reader.pollNext(output)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
        nowNanos += TimeUnit.MILLISECONDS.toNanos(50);
        assertThat(reader.pollNext(output)).isEqualTo(InputStatus.MORE_AVAILABLE);
    }

    @Test
    void closeEndsTheWait() {
        NexmarkReader<NexmarkEvent> reader =
                reader(SETTINGS.withEventsPerSecond(1)); // one event each 128 s for one split
        reader.addSplits(NexmarkSource.allSplits().subList(0, 1));
        reader.notifyNoMoreSplits();
        reader.pollNext(output);
        reader.pollNext(output);
        assertThat(reader.isAvailable()).isNotDone();

        reader.close();

        assertThat(reader.isAvailable()).isDone();
    }
}
