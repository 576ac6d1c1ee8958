package io.sluice.systemtests.faults.job;

import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Keeps {@link Contents} for each key in a value, a map and a list; fails at the first record whose
 * key has anything else than its numbers so far; writes it all at the end of the input, by a timer
 * of each key.
 */
@SuppressWarnings("NullAway.Init") // Flink calls open() first
final class TallyFunction extends KeyedProcessFunction<Long, Tuple2<Long, String>, Void> {

    private static final long serialVersionUID = 1L;

    /** Keeps the task busy, so that its state moves at the pace that was asked for. */
    private static final long SLOW_RECORD_MILLIS = 20;

    /** Until then, every key gets all the state that it can have. */
    private static final long FAST_ROUNDS = Contents.PLACES;

    private final String outputDirectory;

    private transient ValueState<@Nullable Tally> tallies;
    private transient MapState<Long, String> latest;
    private transient ListState<Long> sinceFlush;
    private transient Switches switches;
    private transient Steering steering;
    private transient Path output;

    TallyFunction(String outputDirectory) {
        this.outputDirectory = outputDirectory;
    }

    @Override
    public void open(OpenContext context) {
        tallies =
                getRuntimeContext()
                        .getState(new ValueStateDescriptor<>("tally", new TallySerializer()));
        latest =
                getRuntimeContext()
                        .getMapState(new MapStateDescriptor<>("latest", Types.LONG, Types.STRING));
        sinceFlush =
                getRuntimeContext()
                        .getListState(new ListStateDescriptor<>("since-flush", Types.LONG));
        switches = Switches.ofProcess();
        TaskInfo task = getRuntimeContext().getTaskInfo();
        output =
                Path.of(
                        outputDirectory,
                        "part-%d-%s".formatted(task.getIndexOfThisSubtask(), UUID.randomUUID()));
        steering =
                new Steering(
                        switches,
                        getRuntimeContext().getJobInfo().getJobId().toHexString(),
                        task.getIndexOfThisSubtask(),
                        task.getAttemptNumber());
        steering.start();
    }

    @Override
    public void processElement(
            Tuple2<Long, String> record, Context context, Collector<Void> nothing)
            throws Exception {
        if (switches.turnOff(Switches.FAIL)) {
            throw new IllegalStateException(TallyJob.TOLD_TO_FAIL);
        }
        switches.hold(Switches.HOLD_RECORDS);
        long number = record.f0;
        long round = number / Contents.KEYS;
        if (round >= FAST_ROUNDS && !switches.isOn(Switches.FULL_SPEED)) {
            switches.setFilled(getRuntimeContext().getTaskInfo().getIndexOfThisSubtask());
            Thread.sleep(SLOW_RECORD_MILLIS);
        }
        requireExpected(context.getCurrentKey(), round);
        if (round == 0) {
            context.timerService().registerEventTimeTimer(Long.MAX_VALUE);
        }
        Tally before = tallies.value();
        tallies.update((before == null ? Tally.NONE : before).plus(number));
        latest.put(round % Contents.PLACES, record.f1);
        if (round % Contents.PLACES == 0) {
            sinceFlush.update(List.of());
        }
        sinceFlush.add(number);
    }

    private void requireExpected(long key, long round) throws Exception {
        Contents found = contents();
        Contents expected = Contents.expected(key, round);
        if (!found.equals(expected)) {
            throw new IllegalStateException(
                    "%s Before round %d it has %s; it should have %s."
                            .formatted(
                                    TallyJob.WRONG_STATE,
                                    round,
                                    found.toLine(key),
                                    expected.toLine(key)));
        }
    }

    private Contents contents() throws Exception {
        Tally tally = tallies.value();
        Map<Long, String> texts = new TreeMap<>();
        latest.entries().forEach(entry -> texts.put(entry.getKey(), entry.getValue()));
        Iterable<Long> numbers = sinceFlush.get();
        return new Contents(
                tally == null ? Tally.NONE : tally,
                texts,
                numbers == null ? List.of() : copy(numbers));
    }

    private static List<Long> copy(Iterable<Long> numbers) {
        List<Long> copy = new ArrayList<>();
        numbers.forEach(copy::add);
        return copy;
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Void> nothing)
            throws IOException {
        try {
            Files.writeString(
                    output,
                    contents().toLine(context.getCurrentKey()) + '\n',
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("Cannot read the state at the end.", e);
        }
    }

    @Override
    public void close() {
        if (steering != null) {
            steering.close();
        }
    }
}
