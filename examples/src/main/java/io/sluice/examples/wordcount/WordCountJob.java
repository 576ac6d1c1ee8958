package io.sluice.examples.wordcount;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.api.common.serialization.SimpleStringEncoder;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.connector.file.src.reader.TextLineInputFormat;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.BasePathBucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * Counts the words in files, also in those that are added while it runs.
 *
 * <pre>
 * bin/flink run examples/word-count.jar --input /data/texts --output /tmp/words
 * </pre>
 *
 * <p><b>Arguments.</b> {@code --input PATH} names a file or a directory with all below it; it may
 * be repeated or take several with commas. Without it, the licences that the distribution ships are
 * counted, {@code $FLINK_HOME/licenses}. {@code --output DIR} writes files there, without it the
 * lines go to standard output. {@code --bounded} reads what is there and ends; otherwise it looks
 * for new files each {@code --discovery-interval} (1 s). A word that keeps coming is written each
 * {@code --update-interval} (1 s).
 *
 * <p><b>Words</b> are exactly those of
 *
 * <pre>
 * export LC_ALL=C
 * cat FILES | tr -cs 'A-Za-z' '\n' | tr 'A-Z' 'a-z' | grep . | sort | uniq -c
 * </pre>
 *
 * with two differences in what a file is: each starts a new word, and one that ends in {@code .gz},
 * {@code .gzip}, {@code .bz2}, {@code .xz} or {@code .deflate} is unpacked. Files and directories
 * whose name starts with a dot or an underscore are left out.
 *
 * <p><b>Result.</b> Lines {@code word,count}. A count only grows, so the current count of a word is
 * the highest of its lines: {@link WordCounts} reads them so.
 *
 * <p><b>Exactly once</b> across failures. A file is known by its path: it is counted once, as it
 * was when it was found, so move complete files into the directory. An output file appears under
 * its final name when a checkpoint completes, or when a bounded run ends; before, its name starts
 * with a dot. So a run that is not bounded needs 'execution.checkpointing.interval' with {@code
 * --output}.
 */
public final class WordCountJob {

    private WordCountJob() {}

    public static void main(String[] args) throws Exception {
        WordCountArguments arguments =
                WordCountArguments.parse(WordCountArguments.homeOfThisProcess(), args);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        write(
                runningCounts(linesOf(env, arguments), arguments.updateInterval()),
                arguments.output());
        env.execute("Word count");
    }

    /** Reads the lines of the files, decoded as ISO-8859-1: one character per byte. */
    static DataStream<String> linesOf(
            StreamExecutionEnvironment env, WordCountArguments arguments) {
        return env.fromSource(filesOf(arguments), WatermarkStrategy.noWatermarks(), "Files")
                .uid("files");
    }

    private static FileSource<String> filesOf(WordCountArguments arguments) {
        FileSource.FileSourceBuilder<String> files =
                FileSource.forRecordStreamFormat(
                                new TextLineInputFormat("ISO-8859-1"),
                                arguments.inputs().toArray(Path[]::new))
                        .setFileEnumerator(DistinctFiles::new);
        return arguments.bounded()
                ? files.build()
                : files.monitorContinuously(arguments.discoveryInterval()).build();
    }

    static DataStream<String> runningCounts(DataStream<String> lines, Duration updateInterval) {
        FlatMapFunction<String, String> words = (line, out) -> Words.split(line, out::collect);
        return lines.flatMap(words, Types.STRING)
                .name("Words")
                .uid("words")
                .keyBy(word -> word, Types.STRING)
                .process(new RunningCountFunction(updateInterval), Types.STRING)
                .name("Running count")
                .uid("running-count");
    }

    /** Writes the lines to files in {@code directory}, or to standard output if it is null. */
    static void write(DataStream<String> counts, @Nullable Path directory) {
        if (directory == null) {
            counts.print().name("Print").uid("print");
        } else {
            counts.sinkTo(csvFiles(directory)).name("Counts").uid("counts");
        }
    }

    private static FileSink<String> csvFiles(Path directory) {
        return FileSink.forRowFormat(directory, new SimpleStringEncoder<String>("UTF-8"))
                .withBucketAssigner(new BasePathBucketAssigner<>())
                .withRollingPolicy(OnCheckpointRollingPolicy.build())
                .build();
    }
}
