package io.atlasdb.node.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code \copy}: between a table or query and a CSV file of this machine. The first line of a file holds the names of the columns;
 * NULL is an empty field, bytes are hexadecimal. Rows are loaded by batches, each a transaction of its own unless one is open.
 */
final class CsvCopy {
    private static final Pattern COMMAND = Pattern.compile(
            "(?<what>\\(.+\\)|[^\\s(]+)\\s*(?<columns>\\([^)]*\\))?\\s+(?<direction>TO|FROM)\\s+'?(?<file>[^']+?)'?\\s*;?",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final int BATCH_ROWS = 1_000;
    private static final int FETCH_ROWS = 1_000;

    private final Connection connection;

    CsvCopy(Connection connection) {
        this.connection = connection;
    }

    /**
     * Copies as the arguments of the command say.
     *
     * @return rows copied
     * @throws SQLException what the server says, with the line of the file; 42601 for a malformed command
     */
    long run(String arguments) throws IOException, SQLException {
        Matcher command = COMMAND.matcher(arguments);
        if (!command.matches()) {
            throw new SQLException(
                    "\\copy: write \\copy table [(column, …)] TO|FROM 'file.csv', or \\copy (query) TO …", "42601");
        }
        String what = command.group("what");
        String columns = command.group("columns");
        Path file = Path.of(command.group("file"));
        boolean query = what.startsWith("(");
        if (command.group("direction").equalsIgnoreCase("TO")) {
            String names = columns == null ? "*" : columns.substring(1, columns.length() - 1);
            return unload(query ? what.substring(1, what.length() - 1) : "SELECT " + names + " FROM " + what, file);
        }
        if (query) {
            throw new SQLException("\\copy: rows can be loaded into a table only", "42601");
        }
        return load(what, columns, file);
    }

    private long unload(String query, Path file) throws IOException, SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(FETCH_ROWS);
            try (ResultSet rows = statement.executeQuery(query);
                    PrintStream out = new PrintStream(
                            new BufferedOutputStream(Files.newOutputStream(file)), false, StandardCharsets.UTF_8)) {
                long count = new ResultRows(rows).print(Format.CSV, out);
                if (out.checkError()) {
                    throw new IOException("\\copy: " + file + " cannot be written");
                }
                return count;
            }
        }
    }

    private long load(String table, @Nullable String columns, Path file) throws IOException, SQLException {
        if (!Files.isReadable(file)) {
            throw new SQLException("\\copy: " + file + ": the file cannot be read", "42601");
        }
        try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            CsvReader records = new CsvReader(text);
            List<@Nullable String> header = records.next();
            if (header == null) {
                return 0;
            }
            String names = columns == null ? names(header) : columns;
            String marks = "?" + ", ?".repeat(header.size() - 1);
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO " + table + " " + names + " VALUES (" + marks + ")")) {
                return load(records, insert, header.size());
            }
        }
    }

    /** A name that could stand unquoted is folded as in SQL. */
    private static String names(List<@Nullable String> header) throws SQLException {
        List<String> names = new ArrayList<>();
        for (String name : header) {
            if (name == null) {
                throw new SQLException("\\copy: the first line must name the columns", "42601");
            }
            boolean plain = name.matches("[A-Za-z_][A-Za-z0-9_]*");
            names.add('"' + (plain ? name.toUpperCase(Locale.ROOT) : name.replace("\"", "\"\"")) + '"');
        }
        return "(" + String.join(", ", names) + ")";
    }

    private static long load(CsvReader records, PreparedStatement insert, int width) throws IOException, SQLException {
        boolean[] binary = new boolean[width];
        for (int i = 0; i < width; i++) {
            int type = insert.getParameterMetaData().getParameterType(i + 1);
            binary[i] = type == Types.BINARY || type == Types.VARBINARY;
        }
        long loaded = 0;
        int waiting = 0;
        for (List<@Nullable String> fields = records.next(); fields != null; fields = records.next()) {
            if (fields.size() != width) {
                throw failure(records, loaded, fields.size() + " fields, the first line has " + width, "22000", null);
            }
            set(insert, fields, binary, records, loaded);
            if (++waiting == BATCH_ROWS) {
                loaded += flush(insert, records, loaded, waiting);
                waiting = 0;
            }
        }
        return waiting == 0 ? loaded : loaded + flush(insert, records, loaded, waiting);
    }

    private static void set(
            PreparedStatement insert, List<@Nullable String> fields, boolean[] binary, CsvReader records, long loaded)
            throws SQLException {
        for (int i = 0; i < binary.length; i++) {
            String field = fields.get(i);
            if (field != null && binary[i]) {
                try {
                    insert.setBytes(i + 1, HexFormat.of().parseHex(field));
                } catch (IllegalArgumentException malformed) {
                    throw failure(records, loaded, "\"" + field + "\" is not hexadecimal", "22P02", malformed);
                }
            } else {
                insert.setString(i + 1, field);
            }
        }
        insert.addBatch();
    }

    private static int flush(PreparedStatement insert, CsvReader records, long loaded, int waiting)
            throws SQLException {
        try {
            insert.executeBatch();
            return waiting;
        } catch (SQLException e) {
            throw failure(records, loaded, String.valueOf(e.getMessage()), e.getSQLState(), e);
        }
    }

    private static SQLException failure(
            CsvReader records, long loaded, String message, @Nullable String state, @Nullable Exception cause) {
        return new SQLException(
                "\\copy, up to line " + records.recordLine() + ": " + message + "; " + loaded + " rows were loaded",
                state,
                cause);
    }
}
