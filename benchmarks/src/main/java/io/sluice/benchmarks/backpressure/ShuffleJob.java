package io.sluice.benchmarks.backpressure;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Small records through three shuffles, as fast as the sinks take them.
 *
 * <pre>
 * Source: Numbers -> Records --rebalance--> Rebalanced --keyBy--> Keyed --rebalance--> Counted
 * </pre>
 *
 * <p>The worst case for tracking: the steps do as little as they can, so that what is done for each
 * wait has as large a part in all as it can have. Between any two of them is a shuffle, so none is
 * chained: eight task threads, of which all but those of the sinks are always held back.
 *
 * <p><b>Arguments.</b> The files for {@link SharedCounters} and for {@link TrackingSwitch}. It
 * never ends.
 */
public final class ShuffleJob {

    static final int PARALLELISM = 2;

    /** What the names of the task threads begin with. */
    static final List<String> THREADS = List.of("Source: ", "Rebalanced", "Keyed", "Counted");

    private static final int RECORD_BYTES = 48;

    private static final TypeInformation<byte[]> RECORD =
            PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO;

    private ShuffleJob() {}

    public static void main(String[] args) throws Exception {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment();
        environment.setParallelism(PARALLELISM);
        environment
                .fromSource(
                        new NumberSequenceSource(0, Long.MAX_VALUE - 1),
                        WatermarkStrategy.noWatermarks(),
                        "Numbers")
                .map(ShuffleJob::record)
                .returns(RECORD)
                .name("Records")
                .rebalance()
                .map(record -> record)
                .returns(RECORD)
                .name("Rebalanced")
                .keyBy(record -> record[Long.BYTES - 1], Types.BYTE)
                .map(record -> record)
                .returns(RECORD)
                .name("Keyed")
                .rebalance()
                .sinkTo(new CountingSink(args[0], args[1]))
                .name("Counted");
        environment.execute("Saturated shuffles");
    }

    private static byte[] record(long number) {
        byte[] record = new byte[RECORD_BYTES];
        ByteBuffer.wrap(record).putLong(number);
        return record;
    }
}
