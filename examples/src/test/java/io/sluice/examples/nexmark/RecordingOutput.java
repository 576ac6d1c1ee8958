package io.sluice.examples.nexmark;

import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceOutput;

import java.util.ArrayList;
import java.util.List;

/** Keeps what a reader emits, and checks that each event has its own time as the timestamp. */
final class RecordingOutput implements ReaderOutput<NexmarkEvent> {

    final List<NexmarkEvent> events = new ArrayList<>();

    @Override
    public void collect(NexmarkEvent event) {
        throw new AssertionError("an event without a timestamp: " + event);
    }

    @Override
    public void collect(NexmarkEvent event, long timestamp) {
        if (timestamp != event.dateTime().toEpochMilli()) {
            throw new AssertionError("timestamp %d of %s".formatted(timestamp, event));
        }
        events.add(event);
    }

    @Override
    public void emitWatermark(Watermark watermark) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void markIdle() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void markActive() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SourceOutput<NexmarkEvent> createOutputForSplit(String splitId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void releaseOutputForSplit(String splitId) {
        throw new UnsupportedOperationException();
    }
}
