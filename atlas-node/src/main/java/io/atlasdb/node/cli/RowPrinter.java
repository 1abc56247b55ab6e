package io.atlasdb.node.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints rows as they come; holds no more of them than a table needs to find its widths. */
abstract class RowPrinter {
    /** Kinds of columns that formats tell apart. */
    enum Kind {
        TEXT,
        /** Written without quotes in JSON, and to the right in a table. */
        NUMBER,
        BOOLEAN
    }

    /** A column's label and kind. */
    record Column(String label, Kind kind) {}

    final PrintStream out;
    final List<Column> columns;

    RowPrinter(PrintStream out, List<Column> columns) {
        this.out = out;
        this.columns = columns;
    }

    /** A printer for a format. */
    static RowPrinter of(Format format, PrintStream out, List<Column> columns) {
        return switch (format) {
            case TABLE -> new TablePrinter(out, columns);
            case VERTICAL -> new Vertical(out, columns);
            case CSV -> new Csv(out, columns);
            case TSV -> new Tsv(out, columns);
            case JSON -> new Json(out, columns);
            case XML -> new Xml(out, columns);
        };
    }

    /** Prints a list with text columns, whole. */
    static void print(Format format, PrintStream out, List<String> labels, List<List<String>> rows) {
        RowPrinter printer = of(
                format,
                out,
                labels.stream().map(label -> new Column(label, Kind.TEXT)).toList());
        rows.forEach(row -> printer.row(new ArrayList<>(row)));
        printer.end();
    }

    /** One row; null stands for NULL. */
    abstract void row(List<@Nullable String> values);

    /** The end of the result. */
    abstract void end();

    private static final class Vertical extends RowPrinter {
        private final int width;
        private long rows;

        Vertical(PrintStream out, List<Column> columns) {
            super(out, columns);
            width = columns.stream().mapToInt(c -> c.label().length()).max().orElse(0);
        }

        @Override
        void row(List<@Nullable String> values) {
            out.println("-[ row " + ++rows + " ]-");
            for (int i = 0; i < columns.size(); i++) {
                String value = values.get(i);
                String label = columns.get(i).label();
                out.println(label + " ".repeat(width - label.length()) + " | " + (value == null ? "NULL" : value));
            }
        }

        @Override
        void end() {}
    }

    private static final class Csv extends RowPrinter {
        Csv(PrintStream out, List<Column> columns) {
            super(out, columns);
            row(new ArrayList<>(columns.stream().map(Column::label).toList()));
        }

        @Override
        void row(List<@Nullable String> values) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < values.size(); i++) {
                line.append(i == 0 ? "" : ",").append(quoted(values.get(i)));
            }
            out.println(line);
        }

        /** An empty text is quoted, so that it is not taken for NULL. */
        private static String quoted(@Nullable String value) {
            if (value == null) {
                return "";
            }
            boolean plain =
                    !value.isEmpty() && value.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
            return plain ? value : '"' + value.replace("\"", "\"\"") + '"';
        }

        @Override
        void end() {}
    }

    private static final class Tsv extends RowPrinter {
        Tsv(PrintStream out, List<Column> columns) {
            super(out, columns);
            row(new ArrayList<>(columns.stream().map(Column::label).toList()));
        }

        @Override
        void row(List<@Nullable String> values) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < values.size(); i++) {
                String value = values.get(i);
                line.append(i == 0 ? "" : "\t")
                        .append(
                                value == null
                                        ? "\\N"
                                        : value.replace("\\", "\\\\")
                                                .replace("\t", "\\t")
                                                .replace("\n", "\\n")
                                                .replace("\r", "\\r"));
            }
            out.println(line);
        }

        @Override
        void end() {}
    }

    private static final class Json extends RowPrinter {
        private boolean first = true;

        Json(PrintStream out, List<Column> columns) {
            super(out, columns);
            out.print("[");
        }

        @Override
        void row(List<@Nullable String> values) {
            StringBuilder object = new StringBuilder(first ? "\n  {" : ",\n  {");
            first = false;
            for (int i = 0; i < columns.size(); i++) {
                String value = values.get(i);
                boolean bare = value != null && columns.get(i).kind() != Kind.TEXT && isJsonLiteral(value);
                object.append(i == 0 ? "" : ", ")
                        .append(Escapes.json(columns.get(i).label()))
                        .append(": ")
                        .append(value == null ? "null" : bare ? value : Escapes.json(value));
            }
            out.print(object.append("}"));
        }

        private static boolean isJsonLiteral(String value) {
            return value.matches("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?|true|false");
        }

        @Override
        void end() {
            out.println(first ? "]" : "\n]");
        }
    }

    private static final class Xml extends RowPrinter {
        Xml(PrintStream out, List<Column> columns) {
            super(out, columns);
            out.println("<rows>");
        }

        @Override
        void row(List<@Nullable String> values) {
            StringBuilder row = new StringBuilder("  <row>");
            for (int i = 0; i < columns.size(); i++) {
                String value = values.get(i);
                row.append("<column name=\"").append(Escapes.xml(columns.get(i).label()));
                row.append(value == null ? "\" null=\"true\"/>" : "\">" + Escapes.xml(value) + "</column>");
            }
            out.println(row.append("</row>"));
        }

        @Override
        void end() {
            out.println("</rows>");
        }
    }
}
