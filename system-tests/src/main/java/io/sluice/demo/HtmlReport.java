package io.sluice.demo;

import io.sluice.demo.AdaptiveRun.Checkpoint;
import io.sluice.demo.AdaptiveRun.Decision;
import io.sluice.demo.Chart.Point;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The findings as one HTML file that needs no other and no network. */
final class HtmlReport {

    private static final String STYLE_SHEET = "report.css";

    private final Findings findings;
    private final StockRun stock;
    private final AdaptiveRun adaptive;
    private final double seconds;

    HtmlReport(Findings findings) {
        this.findings = findings;
        this.stock = findings.stock();
        this.adaptive = findings.adaptive();
        this.seconds =
                Math.max(Findings.seconds(adaptive.running()), Findings.seconds(stock.survived()));
    }

    String toHtml() {
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>Sluice: state larger than the heap</title>
                <style>
                """
                + styleSheet()
                + "</style>\n</head>\n<body>\n"
                + heading()
                + tiles()
                + stateChart()
                + tierChart()
                + throughputChart()
                + pauseChart()
                + heapChart()
                + decisions()
                + figures()
                + notes()
                + "</body>\n</html>\n";
    }

    private static String styleSheet() {
        try (InputStream in = HtmlReport.class.getResourceAsStream(STYLE_SHEET)) {
            if (in == null) {
                throw new IllegalStateException(
                        "The style sheet %s is not beside the class.".formatted(STYLE_SHEET));
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + STYLE_SHEET + ".", e);
        }
    }

    private String heading() {
        return format(
                """
                <h1>State larger than the heap</h1>
                <p>One Flink job, run twice on a TaskManager with a heap of %.0f&nbsp;MiB. It keeps every bid of
                %,d auctions until the stream ends, and its state grows to %.1f times that heap. With stock
                Flink's <code>state.backend.type: hashmap</code> the TaskManager dies. With
                <code>state.backend.type: adaptive</code> state moves to disk while the job runs; the TaskManager
                is killed in the middle of a move, and the result is %s.</p>
                """,
                Sampler.mebibytes(adaptive.heapMaxBytes()),
                adaptive.comparison().results().expected(),
                findings.stateToHeap(),
                findings.exact() ? "exact" : "NOT exact");
    }

    private String tiles() {
        return "<section class='tiles'>\n"
                + tile(
                        "bad",
                        "%.0f s".formatted(Findings.seconds(stock.survived())),
                        "hashmap: until OutOfMemoryError")
                + tile(
                        findings.exact() ? "good" : "bad",
                        findings.exact() ? "exact" : "wrong",
                        format("adaptive: result of %,d events", findings.arguments().events()))
                + tile(
                        "",
                        format("%.1f ×", findings.stateToHeap()),
                        "state in the end, to the heap")
                + tile(
                        "",
                        format("%d ms", adaptive.longestPauseMillis()),
                        "longest pause, recovery apart")
                + tile(
                        "",
                        format("%.1f s", Findings.seconds(adaptive.recovery())),
                        "from kill -9 to all tasks running")
                + tile("", format("%d", adaptive.checkpoints().size()), "checkpoints completed")
                + "</section>\n";
    }

    private static String tile(String style, String value, String label) {
        return format(
                "<div class='tile %s'><strong>%s</strong><span>%s</span></div>\n",
                style, Html.escape(value), Html.escape(label));
    }

    // --- charts ----------------------------------------------------------------------------------

    private String stateChart() {
        List<Point> onHeap = ours(sample -> Sampler.mebibytes(sample.bytesOnHeap()));
        List<Point> all = ours(sample -> Sampler.mebibytes(sample.stateBytes()));
        List<Point> none = ours(sample -> 0);
        double heap = Sampler.mebibytes(adaptive.heapMaxBytes());
        Chart chart =
                new Chart("State by tier", "MiB", seconds, Math.max(heap, highest(all)) * 1.02);
        chart.area("on heap", "heap", none, onHeap).area("on disk", "disk", onHeap, all);
        return marked(chart.limit(format("maximum heap, %.0f MiB", heap), heap)).toHtml();
    }

    private String tierChart() {
        List<Point> none = ours(sample -> 0);
        List<Point> onDisk = ours(sample -> percent(sample.groupsOnDisk(), sample.groups()));
        List<Point> away =
                ours(
                        sample ->
                                percent(
                                        sample.groupsOnDisk() + sample.groupsMoving(),
                                        sample.groups()));
        Chart chart = new Chart("Share of key groups", "%", seconds, 100);
        chart.area("on disk", "disk", none, onDisk).area("moving", "moving", onDisk, away);
        return marked(chart).toHtml();
    }

    private static double percent(int part, int whole) {
        return whole == 0 ? 0 : 100.0 * part / whole;
    }

    private String throughputChart() {
        List<Point> ours = ours(Sample::recordsPerSecond);
        List<Point> stocks = stocks(Sample::recordsPerSecond);
        Chart chart =
                new Chart(
                        "Throughput",
                        "records/s",
                        seconds,
                        Math.max(highest(ours), highest(stocks)));
        chart.line("stock hashmap", "stock", stocks).line("adaptive", "heap", ours);
        return marked(death(chart, stocks)).toHtml();
    }

    private String pauseChart() {
        long end = adaptive.streamEndMillis();
        List<Point> ours =
                ours(sample -> sample.atMillis() > end ? Double.NaN : sample.longestPauseMillis());
        List<Point> stocks = stocks(Sample::longestPauseMillis);
        Chart chart =
                new Chart(
                        "Longest pause between two records, in the last 2 s",
                        "ms",
                        seconds,
                        Math.max(Math.max(highest(ours), highest(stocks)), 100));
        chart.line("stock hashmap", "stock", stocks).line("adaptive", "heap", ours);
        return marked(death(chart, stocks)).toHtml();
    }

    private String heapChart() {
        List<Point> ours = ours(HtmlReport::heapUsed);
        List<Point> stocks = stocks(HtmlReport::heapUsed);
        double heap = Sampler.mebibytes(adaptive.heapMaxBytes());
        Chart chart =
                new Chart("Heap of the TaskManager in use, garbage included", "MiB", seconds, heap);
        chart.line("stock hashmap", "stock", stocks).line("adaptive", "heap", ours);
        return marked(death(chart, stocks)).toHtml();
    }

    private static double heapUsed(Sample sample) {
        return sample.heapMaxBytes() == 0 ? Double.NaN : Sampler.mebibytes(sample.heapUsedBytes());
    }

    private Chart death(Chart chart, List<Point> stocks) {
        Point last = new Point(0, 0);
        for (Point point : stocks) {
            last = Double.isNaN(point.value()) ? last : point;
        }
        return chart.cross("OutOfMemoryError", "stock", last);
    }

    private Chart marked(Chart chart) {
        for (Checkpoint checkpoint : adaptive.checkpoints()) {
            chart.tick(
                    "checkpoint",
                    at(checkpoint.completedMillis()),
                    format(
                            "Checkpoint %d: %.1f s, %.0f MiB written",
                            checkpoint.id(),
                            checkpoint.durationMillis() / 1e3,
                            Sampler.mebibytes(checkpoint.writtenBytes())));
        }
        return chart.key("checkpoint completed", "checkpoint fill")
                .marker("kill -9", "kill", at(adaptive.killedMillis()), true)
                .marker("recovered", "recovered", at(adaptive.recoveredMillis()), false)
                .marker("stream ends", "end", at(adaptive.streamEndMillis()), true);
    }

    private List<Point> ours(ToDoubleFunction<Sample> value) {
        return points(adaptive.samples(), adaptive.startMillis(), value);
    }

    private List<Point> stocks(ToDoubleFunction<Sample> value) {
        return points(stock.samples(), stock.startMillis(), value);
    }

    private static List<Point> points(
            List<Sample> samples, long startMillis, ToDoubleFunction<Sample> value) {
        return samples.stream()
                .map(
                        sample ->
                                new Point(
                                        (sample.atMillis() - startMillis) / 1e3,
                                        sample.live() ? value.applyAsDouble(sample) : Double.NaN))
                .toList();
    }

    private static double highest(List<Point> points) {
        return points.stream()
                .mapToDouble(Point::value)
                .filter(value -> !Double.isNaN(value))
                .max()
                .orElse(1);
    }

    private double at(long millis) {
        return (millis - adaptive.startMillis()) / 1e3;
    }

    // --- text ------------------------------------------------------------------------------------

    private String decisions() {
        StringBuilder rows = new StringBuilder();
        for (Decision decision : adaptive.decisions()) {
            rows.append(
                    format(
                            "<tr><td class='number'>%.1f s</td><td>%s</td><td>%s</td></tr>\n",
                            at(decision.atMillis()),
                            Html.escape(decision.taskManager()),
                            Html.escape(decision.text())));
        }
        return "<h2>What the TaskManagers decided</h2>\n<table>\n<tr><th>at</th><th>where</th><th>log line</th></tr>\n"
                + rows
                + "</table>\n";
    }

    private String figures() {
        return "<h2>All figures</h2>\n<pre>"
                + Html.escape(findings.toString().strip())
                + "</pre>\n";
    }

    private static String notes() {
        return format(
                """
                <h2>What was measured</h2>
                <ul>
                <li><b>Pause</b>: the job's own gauge in the operator that holds the state. The longest time between
                two consecutive records of a subtask, among the last two seconds; garbage collections, moves of
                state, checkpoints and back pressure are in it, and so is a source that has nothing to send. The
                time from the kill to the recovery is not: it is a figure of its own.</li>
                <li><b>State by tier</b>: the backend's estimate of what the state takes, or would take, as objects
                on the heap.</li>
                <li><b>Throughput</b>: records that the stateful operator took, over two seconds. After the
                recovery the events since the checkpoint come again.</li>
                <li>All through Flink's REST API, a few times a second. Both runs have the same rate of events, the
                same heap and the same collector; they differ in <code>state.backend.type</code>.</li>
                <li>After the end of the stream the job reads all its state back to write the result.</li>
                </ul>
                <footer>Written by <code>./demo</code> at %s.</footer>
                """,
                Instant.now().truncatedTo(ChronoUnit.SECONDS));
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
