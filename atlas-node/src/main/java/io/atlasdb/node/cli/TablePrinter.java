package io.atlasdb.node.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Columns in a frame. Widths come from the first rows; a wider value further down moves its line only. */
final class TablePrinter extends RowPrinter {
    private static final int ROWS_HELD_MAX = 1_000;
    private static final int WIDTH_MAX = 200;

    private final List<List<@Nullable String>> held = new ArrayList<>();
    private int @Nullable [] widths;

    TablePrinter(PrintStream out, List<Column> columns) {
        super(out, columns);
    }

    @Override
    void row(List<@Nullable String> values) {
        if (widths != null) {
            print(values, widths);
            return;
        }
        held.add(values);
        if (held.size() >= ROWS_HELD_MAX) {
            begin();
        }
    }

    @Override
    void end() {
        rule(widths == null ? begin() : widths);
    }

    private int[] begin() {
        int[] fitting = new int[columns.size()];
        for (int i = 0; i < fitting.length; i++) {
            fitting[i] = length(columns.get(i).label());
            for (List<@Nullable String> row : held) {
                fitting[i] = Math.max(fitting[i], Math.min(WIDTH_MAX, length(shown(row.get(i)))));
            }
        }
        widths = fitting;
        rule(fitting);
        print(new ArrayList<>(columns.stream().map(Column::label).toList()), fitting);
        rule(fitting);
        held.forEach(row -> print(row, fitting));
        held.clear();
        return fitting;
    }

    private void rule(int[] fitting) {
        StringBuilder line = new StringBuilder("+");
        for (int width : fitting) {
            line.append("-".repeat(width + 2)).append('+');
        }
        out.println(line);
    }

    private void print(List<@Nullable String> values, int[] fitting) {
        StringBuilder line = new StringBuilder("|");
        for (int i = 0; i < fitting.length; i++) {
            String value = shown(values.get(i));
            String pad = " ".repeat(Math.max(0, fitting[i] - length(value)));
            boolean right = columns.get(i).kind() == Kind.NUMBER;
            line.append(' ').append(right ? pad + value : value + pad).append(" |");
        }
        out.println(line);
    }

    /** Line breaks would tear the frame. */
    private static String shown(@Nullable String value) {
        return value == null
                ? "NULL"
                : value.replace("\\", "\\\\")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                        .replace("\t", "\\t");
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
