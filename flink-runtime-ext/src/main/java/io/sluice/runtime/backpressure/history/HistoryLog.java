package io.sluice.runtime.backpressure.history;

import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonProcessingException;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ArrayNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import io.sluice.runtime.RuntimeOptions;
import io.sluice.runtime.backpressure.load.Episode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * History in files of JSON lines, one file a minute, so that the next leading JobManager knows it.
 *
 * <p><b>Threads.</b> Lines are added by one thread; files are written, read and deleted by an
 * executor.
 *
 * <p><b>Failures.</b> A file that cannot be written is lost, and said so once until it works again;
 * tracking goes on. A line that cannot be read is left out.
 */
public final class HistoryLog {

    private static final Logger LOG = LoggerFactory.getLogger(HistoryLog.class);

    private static final Duration FILE_INTERVAL = Duration.ofMinutes(1);
    private static final Pattern NAME = Pattern.compile("backpressure-(\\d+)-[0-9a-f]+\\.jsonl");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final Duration retention;
    private final long sizeBytes;
    private final Executor io;
    private final String writer = UUID.randomUUID().toString().substring(0, 8);

    private List<String> lines = new ArrayList<>();
    private long nextFileMillis;

    /** Of the executor. */
    private volatile boolean failed;

    /** What earlier JobManagers have written. */
    public static final class Contents {
        final Map<String, List<PeriodRow>> rows = new HashMap<>();
        final List<Episode> episodes = new ArrayList<>();

        /** Shared by rows, as there are many of the same. */
        private final Map<List<String>, List<String>> vertexLists = new HashMap<>();

        private long bytes;

        private Contents() {}

        private void add(String job, PeriodRow row) {
            rows.computeIfAbsent(job, any -> new ArrayList<>()).add(row);
            bytes += row.bytes();
        }

        private void add(Episode episode) {
            episodes.add(episode);
            bytes += JobHistory.EPISODE_BYTES;
        }
    }

    private HistoryLog(Path directory, Duration retention, long sizeBytes, Executor io) {
        this.directory = directory;
        this.retention = retention;
        this.sizeBytes = sizeBytes;
        this.io = io;
    }

    /**
     * Returns the log that is configured, or null.
     *
     * @param io for what blocks
     */
    public static @Nullable HistoryLog of(HistorySettings settings, Executor io) {
        String directory = settings.directory();
        return directory == null
                ? null
                : new HistoryLog(
                        new Path(directory), settings.retention(), settings.size().getBytes(), io);
    }

    void add(String job, PeriodRow row) {
        ObjectNode line = JSON.createObjectNode();
        line.put("job", job).put("end", row.endMillis()).put("period", row.periodMillis());
        ArrayNode vertices = line.putArray("vertices");
        row.vertices().forEach(vertices::add);
        ArrayNode values = line.putArray("values");
        for (short value : row.values()) {
            values.add(value);
        }
        lines.add(line.toString());
    }

    void add(Episode episode) {
        lines.add(
                JSON.createObjectNode()
                        .put("episode", episode.id())
                        .put("job", episode.job())
                        .put("vertex", episode.vertex())
                        .put("subtask", episode.subtask())
                        .put("attempt", episode.attempt())
                        .put("taskManager", episode.taskManager())
                        .put("start", episode.startMillis())
                        .put("duration", episode.durationMillis())
                        .put("hard", episode.hard())
                        .put("backpressured", episode.backpressured())
                        .toString());
    }

    /**
     * Writes what was added, if the time for a file has come, and deletes files that are too old.
     */
    void flush(long nowMillis) {
        if (nowMillis < nextFileMillis || lines.isEmpty()) {
            return;
        }
        nextFileMillis = nowMillis + FILE_INTERVAL.toMillis();
        List<String> content = lines;
        lines = new ArrayList<>();
        try {
            io.execute(() -> write(content, nowMillis));
        } catch (RejectedExecutionException e) {
            // The JobManager ends; close() writes it.
            lines = content;
        }
    }

    /**
     * Writes what was added; returns when that is done. For the end of the JobManager, whose
     * executors have ended.
     */
    public void close(long nowMillis) {
        if (!lines.isEmpty()) {
            write(lines, nowMillis);
            lines = new ArrayList<>();
        }
    }

    private void write(List<String> content, long nowMillis) {
        Path file = new Path(directory, "backpressure-%d-%s.jsonl".formatted(nowMillis, writer));
        try {
            FileSystem files = directory.getFileSystem();
            files.mkdirs(directory);
            try (FSDataOutputStream out = files.create(file, FileSystem.WriteMode.NO_OVERWRITE)) {
                out.write((String.join("\n", content) + '\n').getBytes(StandardCharsets.UTF_8));
            }
            for (FileStatus old : files(files)) {
                if (writtenMillis(old) < nowMillis - retention.toMillis()) {
                    files.delete(old.getPath(), false);
                }
            }
            failed = false;
        } catch (IOException | RuntimeException e) {
            // Of file systems, too: nothing of this is worth the end of the JobManager.
            if (!failed) {
                LOG.warn(
                        "Cannot write the history of backpressure to {}: it goes on in memory, and a new JobManager will not know it. Check '{}'.",
                        file,
                        RuntimeOptions.BACKPRESSURE_HISTORY_DIRECTORY.key(),
                        e);
            }
            failed = true;
        }
    }

    /**
     * Reads what is not too old, the newest files first, until it is as much as may be remembered.
     * Blocks.
     */
    public Contents read(long nowMillis) {
        Contents contents = new Contents();
        try {
            FileSystem files = directory.getFileSystem();
            List<FileStatus> newestFirst =
                    files(files).stream()
                            .filter(file -> writtenMillis(file) >= nowMillis - retention.toMillis())
                            .sorted(Comparator.comparingLong(HistoryLog::writtenMillis).reversed())
                            .toList();
            for (FileStatus file : newestFirst) {
                if (contents.bytes >= sizeBytes) {
                    break;
                }
                readIfPossible(files, file.getPath(), contents);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "Cannot read the history of backpressure in {}: it begins now. Check '{}'.",
                    directory,
                    RuntimeOptions.BACKPRESSURE_HISTORY_DIRECTORY.key(),
                    e);
        }
        return contents;
    }

    private static void readIfPossible(FileSystem files, Path file, Contents contents) {
        try {
            read(files, file, contents);
        } catch (IOException | RuntimeException e) {
            LOG.warn("Left out a file of the history of backpressure, {}.", file, e);
        }
    }

    private static void read(FileSystem files, Path file, Contents contents) throws IOException {
        try (FSDataInputStream in = files.open(file);
                BufferedReader reader =
                        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                try {
                    take(JSON.readTree(line), contents);
                } catch (JsonProcessingException | IllegalArgumentException e) {
                    LOG.warn("Left out a line of {} that makes no sense.", file, e);
                }
            }
        }
    }

    private static void take(JsonNode line, Contents contents) {
        if (line.has("episode")) {
            contents.add(
                    new Episode(
                            line.required("episode").asText(),
                            line.required("job").asText(),
                            line.required("vertex").asText(),
                            line.required("subtask").asInt(),
                            line.required("attempt").asInt(),
                            line.required("taskManager").asText(),
                            line.required("start").asLong(),
                            line.required("duration").asLong(),
                            false,
                            line.required("hard").asBoolean(),
                            line.required("backpressured").asDouble()));
            return;
        }
        List<String> vertices = new ArrayList<>();
        line.required("vertices").forEach(vertex -> vertices.add(vertex.asText()));
        JsonNode written = line.required("values");
        short[] values = new short[written.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (short) written.get(i).asInt();
        }
        contents.add(
                line.required("job").asText(),
                new PeriodRow(
                        line.required("end").asLong(),
                        line.required("period").asInt(),
                        contents.vertexLists.computeIfAbsent(List.copyOf(vertices), same -> same),
                        values));
    }

    /** Returns the files that are there; none if the directory is not. */
    private List<FileStatus> files(FileSystem files) throws IOException {
        FileStatus[] found;
        try {
            found = files.listStatus(directory);
        } catch (FileNotFoundException e) {
            return List.of();
        }
        List<FileStatus> ours = new ArrayList<>();
        if (found != null) {
            for (FileStatus file : found) {
                if (NAME.matcher(file.getPath().getName()).matches()) {
                    ours.add(file);
                }
            }
        }
        return ours;
    }

    private static long writtenMillis(FileStatus file) {
        Matcher name = NAME.matcher(file.getPath().getName());
        return name.matches() ? Long.parseLong(name.group(1)) : 0;
    }
}
