package io.sluice.examples.wordcount;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * Emits {@code word,count} for each word whose count has changed, once per interval.
 *
 * <p>The last change is emitted at the end of the input: processing-time timers do not fire there,
 * but event time ends with a watermark of {@link Long#MAX_VALUE}.
 */
@SuppressWarnings("NullAway.Init") // Flink calls open() first
final class RunningCountFunction extends KeyedProcessFunction<String, String, String> {

    private static final long serialVersionUID = 1L;

    private static final long END_OF_INPUT = Long.MAX_VALUE;

    private final long intervalMillis;

    private transient ValueState<@Nullable RunningCount> counts;

    RunningCountFunction(Duration interval) {
        this.intervalMillis = interval.toMillis();
    }

    @Override
    public void open(OpenContext context) {
        counts =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "count", TypeInformation.of(RunningCount.class)));
    }

    @Override
    public void processElement(String word, Context context, Collector<String> out)
            throws Exception {
        RunningCount count = count();
        counts.update(count.plusOne());
        if (!count.changed()) {
            TimerService timers = context.timerService();
            long now = timers.currentProcessingTime();
            timers.registerProcessingTimeTimer(now - now % intervalMillis + intervalMillis);
            timers.registerEventTimeTimer(END_OF_INPUT);
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<String> out)
            throws Exception {
        RunningCount count = count();
        if (count.changed()) {
            out.collect(context.getCurrentKey() + "," + count.count());
            counts.update(count.allWritten());
        }
    }

    private RunningCount count() throws Exception {
        RunningCount count = counts.value();
        return count == null ? RunningCount.NONE : count;
    }
}
