package io.sluice.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A chart over time as inline SVG. The style sheet of the page colours its classes. */
final class Chart {

    private static final int WIDTH = 960;
    private static final int HEIGHT = 250;
    private static final int LEFT = 64;
    private static final int RIGHT = 16;
    private static final int TOP = 30;
    private static final int BOTTOM = 44;
    private static final int TICKS = 5;

    private final String title;
    private final String unit;
    private final double mostSeconds;
    private final double most;
    private final StringBuilder shapes = new StringBuilder();
    private final StringBuilder legend = new StringBuilder();

    /** A value at a time; NaN is a gap. */
    record Point(double seconds, double value) {}

    /**
     * @param mostSeconds the end of the time axis
     * @param highest the highest value that must fit
     */
    Chart(String title, String unit, double mostSeconds, double highest) {
        this.title = title;
        this.unit = unit;
        this.mostSeconds = mostSeconds;
        this.most = step(highest, TICKS) * Math.ceil(highest / step(highest, TICKS) - 1e-9);
    }

    /** Returns 1, 2 or 5 times a power of ten, so that about {@code ticks} of it make a range. */
    static double step(double range, int ticks) {
        double rough = Math.max(range, 1e-9) / ticks;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double lead = rough / power;
        return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * power;
    }

    Chart line(String label, String style, List<Point> points) {
        key(label, style + " stroke");
        for (List<Point> run : runs(points)) {
            shapes.append("<polyline class='").append(style).append(" line' points='");
            run.forEach(point -> shapes.append(xy(point)).append(' '));
            shapes.append("'/>\n");
        }
        return this;
    }

    /** Fills between two lines that have the same times and gaps. */
    Chart area(String label, String style, List<Point> lower, List<Point> upper) {
        key(label, style + " fill");
        List<List<Point>> below = runs(lower);
        List<List<Point>> above = runs(upper);
        for (int run = 0; run < above.size(); run++) {
            shapes.append("<polygon class='").append(style).append(" area' points='");
            above.get(run).forEach(point -> shapes.append(xy(point)).append(' '));
            List<Point> back = below.get(run);
            for (int i = back.size() - 1; i >= 0; i--) {
                shapes.append(xy(back.get(i))).append(' ');
            }
            shapes.append("'/>\n");
        }
        return this;
    }

    /** Draws a dashed line across the chart. */
    Chart limit(String label, double value) {
        shapes.append(
                format(
                        "<line class='limit' x1='%d' x2='%d' y1='%.1f' y2='%.1f'/>\n<text class='note' x='%d' y='%.1f'>%s</text>\n",
                        LEFT,
                        WIDTH - RIGHT,
                        y(value),
                        y(value),
                        LEFT + 6,
                        y(value) - 6,
                        Html.escape(label)));
        return this;
    }

    /** Marks an instant by a line from top to bottom. */
    Chart marker(String label, String style, double seconds, boolean labelBefore) {
        shapes.append(
                format(
                        "<line class='%s marker' x1='%.1f' x2='%.1f' y1='%d' y2='%d'/>\n<text class='%s mark' x='%.1f' y='%d' text-anchor='%s'>%s</text>\n",
                        style,
                        x(seconds),
                        x(seconds),
                        TOP - 8,
                        HEIGHT - BOTTOM,
                        style,
                        x(seconds) + (labelBefore ? -4 : 4),
                        TOP - 12,
                        labelBefore ? "end" : "start",
                        Html.escape(label)));
        return this;
    }

    /** Marks an instant by a small triangle on the time axis. */
    Chart tick(String style, double seconds, String title) {
        shapes.append(
                format(
                        "<path class='%s tick' d='M%.1f %d l4 7 h-8 z'><title>%s</title></path>\n",
                        style, x(seconds), HEIGHT - BOTTOM + 1, Html.escape(title)));
        return this;
    }

    /** Marks the end of a line by a cross. */
    Chart cross(String label, String style, Point at) {
        shapes.append(
                format(
                        "<path class='%s cross' d='M%.1f %.1f m-5 -5 l10 10 m0 -10 l-10 10'/>\n<text class='%s mark' x='%.1f' y='%.1f'>%s</text>\n",
                        style,
                        x(at.seconds()),
                        y(at.value()),
                        style,
                        x(at.seconds()) + 9,
                        y(at.value()) - 6,
                        Html.escape(label)));
        return this;
    }

    Chart key(String label, String style) {
        legend.append("<span><i class='")
                .append(style)
                .append("'></i>")
                .append(Html.escape(label))
                .append("</span>\n");
        return this;
    }

    String toHtml() {
        return format(
                        "<figure>\n<figcaption><b>%s</b> %s</figcaption>\n<svg viewBox='0 0 %d %d' role='img' aria-label='%s'>\n",
                        Html.escape(title), legend, WIDTH, HEIGHT, Html.escape(title))
                + axes()
                + shapes
                + "</svg>\n</figure>\n";
    }

    private String axes() {
        StringBuilder axes = new StringBuilder();
        double step = step(most, TICKS);
        for (int i = 0; i * step <= most * 1.0001; i++) {
            axes.append(
                    format(
                            "<line class='grid' x1='%d' x2='%d' y1='%.1f' y2='%.1f'/>\n<text class='axis' x='%d' y='%.1f' text-anchor='end'>%s</text>\n",
                            LEFT,
                            WIDTH - RIGHT,
                            y(i * step),
                            y(i * step),
                            LEFT - 8,
                            y(i * step) + 4,
                            number(i * step)));
        }
        axes.append(format("<text class='axis' x='4' y='%d'>%s</text>\n", TOP - 12, unit));
        double seconds = step(mostSeconds, 12);
        for (int i = 0; i * seconds <= mostSeconds; i++) {
            axes.append(
                    format(
                            "<text class='axis' x='%.1f' y='%d' text-anchor='middle'>%s</text>\n",
                            x(i * seconds), HEIGHT - BOTTOM + 22, number(i * seconds)));
        }
        axes.append(
                format(
                        "<text class='axis' x='%d' y='%d' text-anchor='end'>seconds since the job was submitted</text>\n",
                        WIDTH - RIGHT, HEIGHT - 4));
        return axes.toString();
    }

    private static String number(double value) {
        return value == Math.rint(value) ? format("%,.0f", value) : format("%.1f", value);
    }

    /** Cuts at the gaps. */
    private static List<List<Point>> runs(List<Point> points) {
        List<List<Point>> runs = new ArrayList<>();
        List<Point> run = new ArrayList<>();
        for (Point point : points) {
            if (Double.isNaN(point.value())) {
                run = new ArrayList<>();
            } else {
                if (run.isEmpty()) {
                    runs.add(run);
                }
                run.add(point);
            }
        }
        return runs;
    }

    private String xy(Point point) {
        return format("%.1f,%.1f", x(point.seconds()), y(point.value()));
    }

    private double x(double seconds) {
        double share = Math.max(0, Math.min(1, seconds / mostSeconds));
        return LEFT + share * (WIDTH - LEFT - RIGHT);
    }

    private double y(double value) {
        double share = Math.max(0, Math.min(1, value / most));
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
