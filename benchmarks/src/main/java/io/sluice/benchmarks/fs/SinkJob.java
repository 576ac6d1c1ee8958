package io.sluice.benchmarks.fs;

import org.apache.flink.api.common.serialization.SimpleStringEncoder;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.connector.file.sink.compactor.ConcatFileCompactor;
import org.apache.flink.connector.file.sink.compactor.FileCompactStrategy;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.BasePathBucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;

/**
 * Lines into files, a new one for each checkpoint and subtask, as Flink's bulk formats have it.
 *
 * <p><b>Arguments.</b> The directory, lines a second, and how many checkpoints to compact together;
 * 0: none. It never ends.
 */
public final class SinkJob {

    private SinkJob() {}

    @SuppressWarnings("deprecation") // As StateJob.
    public static void main(String[] args) throws Exception {
        int checkpoints = Integer.parseInt(args[2]);
        FileSink.DefaultRowFormatBuilder<String> sink =
                FileSink.<String>forRowFormat(new Path(args[0]), new SimpleStringEncoder<>())
                        .withBucketAssigner(new BasePathBucketAssigner<>())
                        .withRollingPolicy(OnCheckpointRollingPolicy.build());
        if (checkpoints > 0) {
            sink.enableCompact(
                    FileCompactStrategy.Builder.newBuilder()
                            .enableCompactionOnCheckpoint(checkpoints)
                            .build(),
                    new ConcatFileCompactor());
        }
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment();
        environment.setParallelism(StateJob.PARALLELISM);
        environment
                .addSource(new StateJob.Keys(0, Integer.parseInt(args[1])), "Numbers", Types.LONG)
                .map(number -> "%064d".formatted(number))
                .returns(Types.STRING)
                .sinkTo(sink.build())
                .uid("files")
                .name("Files");
        environment.execute("Lines into files");
    }
}
