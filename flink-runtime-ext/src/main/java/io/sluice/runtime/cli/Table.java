package io.sluice.runtime.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A table of text, each column as wide as it needs to be; numbers to the right. */
final class Table {

    private final List<String[]> rows = new ArrayList<>();

    Table(String... head) {
        rows.add(head);
    }

    void row(Object... cells) {
        rows.add(Arrays.stream(cells).map(String::valueOf).toArray(String[]::new));
    }

    @Override
    public String toString() {
        int columns = rows.get(0).length;
        int[] widths = new int[columns];
        boolean[] numbers = new boolean[columns];
        for (int column = 0; column < columns; column++) {
            int at = column;
            widths[at] = rows.stream().mapToInt(row -> row[at].length()).max().orElse(0);
            numbers[at] =
                    rows.size() > 1 && rows.stream().skip(1).allMatch(row -> isNumber(row[at]));
        }
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                String format =
                        numbers[column] ? "%" + widths[column] + "s" : "%-" + widths[column] + "s";
                line.append(column == 0 ? "" : "  ").append(format.formatted(row[column]));
            }
            text.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
        return text.toString();
    }

    private static boolean isNumber(String cell) {
        return !cell.isEmpty() && Character.isDigit(cell.charAt(0));
    }
}
