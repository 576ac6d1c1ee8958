package io.sluice.systemtests.faults.job;

import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Reads the numbers from 0, in order, and keeps {@link Contents} of them. Arguments: the directory
 * for the results, and the checkpoint timeout in milliseconds.
 */
public final class TallyJob {

    /** How the message of a job starts that has found its state to be wrong. */
    public static final String WRONG_STATE = "The state of a key is wrong.";

    /** The message of a job that fails because of {@link Switches#FAIL}. */
    public static final String TOLD_TO_FAIL = "The test told the job to fail.";

    /** Parts of the keyed operator. */
    public static final int PARALLELISM = 2;

    private TallyJob() {}

    public static void main(String[] args) throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.getCheckpointConfig().setCheckpointTimeout(Long.parseLong(args[1]));
        env.fromSequence(0, Contents.KEYS * Contents.ROUNDS - 1)
                .setParallelism(1)
                .map(number -> Tuple2.of(number, Contents.text(number)))
                .returns(Types.TUPLE(Types.LONG, Types.STRING))
                .setParallelism(1)
                .keyBy(record -> record.f0 % Contents.KEYS, Types.LONG)
                .process(new TallyFunction(args[0]), Types.VOID)
                .uid("tally")
                .name("Tally")
                .setParallelism(PARALLELISM);
        env.execute("Tally");
    }
}
