package io.atlasdb.node.cli;

import io.atlasdb.node.cli.RowPrinter.Column;
import io.atlasdb.node.cli.RowPrinter.Kind;
import java.io.PrintStream;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a query as texts. */
final class ResultRows {
    private final ResultSet result;

    ResultRows(ResultSet result) {
        this.result = result;
    }

    /** Prints the rows that are left; how many they were. */
    long print(Format format, PrintStream out) throws SQLException {
        ResultSetMetaData metadata = result.getMetaData();
        int width = metadata.getColumnCount();
        List<Column> columns = new ArrayList<>(width);
        for (int i = 1; i <= width; i++) {
            columns.add(new Column(metadata.getColumnLabel(i), kind(metadata.getColumnType(i))));
        }
        RowPrinter printer = RowPrinter.of(format, out, columns);
        long rows = 0;
        while (result.next()) {
            List<@Nullable String> row = new ArrayList<>(width);
            for (int i = 1; i <= width; i++) {
                row.add(text(metadata.getColumnType(i), i));
            }
            printer.row(row);
            rows++;
        }
        printer.end();
        return rows;
    }

    private @Nullable String text(int type, int column) throws SQLException {
        if (type == Types.BINARY || type == Types.VARBINARY || type == Types.LONGVARBINARY || type == Types.BLOB) {
            byte[] bytes = result.getBytes(column);
            return bytes == null ? null : HexFormat.of().formatHex(bytes);
        }
        return result.getString(column);
    }

    private static Kind kind(int type) {
        return switch (type) {
            case Types.TINYINT,
                    Types.SMALLINT,
                    Types.INTEGER,
                    Types.BIGINT,
                    Types.DECIMAL,
                    Types.NUMERIC,
                    Types.REAL,
                    Types.FLOAT,
                    Types.DOUBLE -> Kind.NUMBER;
            case Types.BOOLEAN, Types.BIT -> Kind.BOOLEAN;
            default -> Kind.TEXT;
        };
    }
}
