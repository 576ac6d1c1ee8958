package io.sluice.fs.multiconf.metrics;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.ByteBufferReadable;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataInputStreamWrapper;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.local.LocalFileSystem;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.runtime.clusterframework.types.ResourceID;
import org.apache.flink.runtime.metrics.MetricRegistryConfiguration;
import org.apache.flink.runtime.metrics.MetricRegistryImpl;
import org.apache.flink.runtime.metrics.ReporterSetupBuilder;
import org.apache.flink.runtime.metrics.groups.TaskManagerMetricGroup;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** In a real registry of Flink, on local files. */
class BindingMetricsTest {

    private static final int METRICS_OF_ONE = 3 + 3 * Operation.values().length;

    private final ProcessMetrics process = new ProcessMetrics();
    private final OperationWatch watch =
            new OperationWatch(
                    process.metrics("data"), failure -> new IOException("of data", failure));
    private final LocalFileSystem files = LocalFileSystem.getSharedInstance();

    private java.nio.file.Path directory;

    @BeforeEach
    void inDirectory(@TempDir java.nio.file.Path directory) {
        this.directory = directory;
    }

    @Test
    void bytesAreCountedHoweverTheyAreWrittenAndRead() throws Exception {
        Path file = path("file");
        try (FSDataOutputStream out =
                CountedOutput.of(files.create(file, WriteMode.NO_OVERWRITE), watch)) {
            out.write(1);
            out.write(new byte[99]);
            out.write(new byte[500_000], 7, 400_000);
            assertThat(out.getPos()).isEqualTo(400_100);
        }
        try (FSDataInputStream in = CountedInput.of(files.open(file), watch)) {
            assertThat(in.read()).isEqualTo(1);
            assertThat(in.read(new byte[99])).isEqualTo(99);
            assertThat(in.readNBytes(new byte[100_000], 0, 100_000)).isEqualTo(100_000);
            in.seek(400_099);
            assertThat(in.read()).isZero();
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.read(new byte[1])).isEqualTo(-1);
        }

        Map<String, Metric> shown = shown();
        assertThat(count(shown, "numBytesWritten")).isEqualTo(400_100);
        assertThat(count(shown, "numBytesRead")).isEqualTo(100_101);
        assertThat(count(shown, "operation.close.numCalls")).isEqualTo(1);
        assertThat(count(shown, "numErrors")).isZero();
    }

    @Test
    void streamsThatReadIntoBuffersStillDo() throws Exception {
        FSDataInputStream in = CountedInput.of(new BufferStream(), watch);

        assertThat(in).isInstanceOf(ByteBufferReadable.class);
        assertThat(((ByteBufferReadable) in).read(ByteBuffer.allocate(30))).isEqualTo(30);
        assertThat(((ByteBufferReadable) in).read(12L, ByteBuffer.allocate(5))).isEqualTo(5);
        in.close();
        FSDataInputStream plain = new FSDataInputStreamWrapper(files.open(written("plain")));
        assertThat(CountedInput.of(plain, watch)).isNotInstanceOf(ByteBufferReadable.class);
        assertThat(count(shown(), "numBytesRead")).isEqualTo(35);
    }

    @Test
    void recoverableStreamsAreCountedUntilTheyArePublished() throws Exception {
        Path file = path("published");
        RecoverableFsDataOutputStream out =
                CountedOutput.ofRecoverable(files.createRecoverableWriter().open(file), watch);
        out.write(new byte[10]);
        assertThat(out.persist()).isNotNull();
        RecoverableFsDataOutputStream.Committer committer = out.closeForCommit();
        assertThat(committer.getRecoverable()).isNotNull();
        committer.commit();

        assertThat(files.getFileStatus(file).getLen()).isEqualTo(10);
        Map<String, Metric> shown = shown();
        assertThat(count(shown, "numBytesWritten")).isEqualTo(10);
        for (String operation : List.of("persist", "close", "commit")) {
            assertThat(count(shown, "operation.%s.numCalls".formatted(operation))).isEqualTo(1);
        }
    }

    @Test
    void errorsAreCountedAndAbsentFilesAreNone() throws Exception {
        assertThatThrownBy(
                        () ->
                                watch.of(
                                        Operation.OPEN,
                                        () -> {
                                            throw new FileNotFoundException("absent");
                                        }))
                .hasRootCauseInstanceOf(FileNotFoundException.class);
        assertThatThrownBy(
                        () ->
                                watch.of(
                                        Operation.DELETE,
                                        () -> {
                                            throw new IOException("refused");
                                        }))
                .hasMessage("of data")
                .hasRootCauseMessage("refused");
        FSDataInputStream closed = files.open(written("closed"));
        FSDataInputStream counted = CountedInput.of(closed, watch);
        closed.close();
        assertThatThrownBy(counted::read).isInstanceOf(IOException.class).hasMessage("of data");

        Map<String, Metric> shown = shown();
        assertThat(count(shown, "operation.open.numCalls")).isEqualTo(1);
        assertThat(count(shown, "operation.open.numErrors")).isZero();
        assertThat(count(shown, "operation.delete.numErrors")).isEqualTo(1);
        assertThat(count(shown, "numErrors")).isEqualTo(2);
    }

    @Test
    void latencyIsThatOfTheCall() throws Exception {
        watch.of(
                Operation.LIST,
                () -> {
                    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(5);
                    while (System.nanoTime() < end) {
                        Thread.onSpinWait();
                    }
                    return true;
                });

        Histogram latency =
                (Histogram) Objects.requireNonNull(shown().get(id("operation.list.latencyMicros")));
        assertThat(latency.getCount()).isEqualTo(1);
        assertThat(latency.getStatistics().getMin()).isBetween(5_000L, 60_000_000L);
    }

    @Test
    void bindingsThatComeLaterAreShownToo() throws Exception {
        Shown shown = new Shown(2 * METRICS_OF_ONE);
        MetricRegistryImpl registry = registry(shown);
        try {
            process.metrics("late");
            assertThat(process.metrics("late")).isSameAs(process.metrics("late"));
            assertThat(shown.all.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(shown.metrics)
                    .containsKeys(
                            "host.taskmanager.tm-1.fs.binding.late.numErrors",
                            id("operation.rename.latencyMicros"));
        } finally {
            registry.closeAsync().get();
        }
    }

    private Path path(String name) {
        return new Path(directory.resolve(name).toUri());
    }

    private Path written(String name) throws IOException {
        Files.write(directory.resolve(name), new byte[3]);
        return path(name);
    }

    private static String id(String metric) {
        return "host.taskmanager.tm-1.fs.binding.data." + metric;
    }

    private static long count(Map<String, Metric> shown, String metric) {
        return ((Counter) Objects.requireNonNull(shown.get(id(metric)))).getCount();
    }

    private Map<String, Metric> shown() throws Exception {
        Shown shown = new Shown(METRICS_OF_ONE);
        MetricRegistryImpl registry = registry(shown);
        try {
            assertThat(shown.all.await(30, TimeUnit.SECONDS)).isTrue();
            return Map.copyOf(shown.metrics);
        } finally {
            registry.closeAsync().get();
        }
    }

    /** One that knows a metric of a task far below the group of the process. */
    private MetricRegistryImpl registry(Shown shown) {
        MetricRegistryImpl registry =
                new MetricRegistryImpl(
                        MetricRegistryConfiguration.fromConfiguration(new Configuration(), 0),
                        List.of(
                                ReporterSetupBuilder.METRIC_SETUP_BUILDER.forReporter(
                                        "shown", shown),
                                ReporterSetupBuilder.METRIC_SETUP_BUILDER.forReporter(
                                        "bindings", new BindingMetricsReporter(process))));
        TaskManagerMetricGroup.createTaskManagerMetricGroup(
                        registry, "host", new ResourceID("tm-1"))
                .addGroup("deep")
                .addGroup("deeper")
                .counter("first");
        return registry;
    }

    /** Remembers what bindings have registered. */
    private static final class Shown implements MetricReporter {

        private final Map<String, Metric> metrics = new ConcurrentHashMap<>();
        private final CountDownLatch all;

        private Shown(int expected) {
            all = new CountDownLatch(expected);
        }

        @Override
        public void open(MetricConfig config) {}

        @Override
        public void close() {}

        @Override
        public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
            String id = group.getMetricIdentifier(name);
            if (id.contains(".fs.binding.")) {
                metrics.put(id, metric);
                all.countDown();
            }
        }

        @Override
        public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {}
    }

    /** Endless. */
    private static final class BufferStream extends FSDataInputStream
            implements ByteBufferReadable {

        @Override
        public int read(ByteBuffer buffer) {
            int length = buffer.remaining();
            buffer.position(buffer.limit());
            return length;
        }

        @Override
        public int read(long position, ByteBuffer buffer) {
            return read(buffer);
        }

        @Override
        public int read() {
            return 0;
        }

        @Override
        public void seek(long desired) {}

        @Override
        public long getPos() {
            return 0;
        }
    }
}
