package io.atlasdb.sql.session;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.plan.ResultColumn;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * Runs a text of SQL statements and writes under each what it gave, so that the text with its results is the expectation.
 *
 * <pre>
 * # A comment. A statement ends with a semicolon at the end of a line; lines that begin with "> " are its result.
 * SELECT 1 AS ONE;
 * > ONE
 * > 1
 * > (1 row)
 * </pre>
 *
 * <p>{@code @session b} lets the session named b run what follows (the first is "a"); {@code @sorted} sorts the rows of the
 * next statement, for queries without an order.
 */
@NullMarked
public final class SqlScript implements AutoCloseable {
    private final Supplier<Session> open;
    private final Map<String, Session> sessions = new LinkedHashMap<>();
    private Session session;
    private boolean sorted;

    /**
     * @param open gives a new session on the database under test
     */
    public SqlScript(Supplier<Session> open) {
        this.open = open;
        session = open.get();
        sessions.put("a", session);
    }

    /** The script with the results that were found in place of those that stood there. */
    public String run(String script) {
        StringBuilder out = new StringBuilder();
        StringBuilder statement = new StringBuilder();
        for (String line : script.lines().toList()) {
            if (line.startsWith("> ") || line.equals(">")) {
                continue;
            }
            out.append(line).append('\n');
            if (line.isBlank() || (statement.isEmpty() && line.startsWith("#"))) {
                continue;
            }
            if (statement.isEmpty() && line.startsWith("@")) {
                directive(line.strip());
                continue;
            }
            statement.append(line).append('\n');
            if (line.stripTrailing().endsWith(";")) {
                String text = statement.toString().stripTrailing();
                for (String result : execute(text.substring(0, text.length() - 1))) {
                    out.append(("> " + result).stripTrailing()).append('\n');
                }
                statement.setLength(0);
                sorted = false;
            }
        }
        if (!statement.isEmpty()) {
            throw new IllegalArgumentException("a statement without a semicolon: " + statement);
        }
        return out.toString();
    }

    private void directive(String line) {
        if (line.equals("@sorted")) {
            sorted = true;
        } else if (line.startsWith("@session ")) {
            session = sessions.computeIfAbsent(line.substring("@session ".length()), name -> open.get());
        } else {
            throw new IllegalArgumentException("unknown directive " + line);
        }
    }

    private List<String> execute(String sql) {
        try {
            Execution execution = session.execute(session.prepare(sql), List.of(), ExecuteOptions.NONE);
            Rows rows = execution.rows();
            if (rows == null) {
                return List.of(execution.updateCount() == 0 ? "ok" : "ok " + execution.updateCount());
            }
            try (rows) {
                return table(execution.columns(), rows);
            }
        } catch (AtlasException e) {
            if (e.code() == ErrorCode.SERIALIZATION) {
                // What it names is the store's business.
                return List.of("error 40001");
            }
            return List.of("error " + e.code().sqlState() + " "
                    + String.valueOf(e.getMessage()).replace("\n", "\\n"));
        }
    }

    private List<String> table(List<ResultColumn> columns, Rows rows) {
        List<String> lines = new ArrayList<>();
        while (rows.next()) {
            @Nullable Object[] row = rows.row();
            List<String> values = new ArrayList<>();
            for (int i = 0; i < row.length; i++) {
                values.add(text(row[i], columns.get(i).type()));
            }
            lines.add(String.join(" | ", values));
        }
        if (sorted) {
            Collections.sort(lines);
        }
        int count = lines.size();
        lines.add(0, columns.stream().map(ResultColumn::label).collect(Collectors.joining(" | ")));
        lines.add("(" + count + (count == 1 ? " row)" : " rows)"));
        return lines;
    }

    /** A value as a script shows it. */
    static String text(@Nullable Object value, SqlType type) {
        if (value == null) {
            return "NULL";
        }
        return switch (type.kind()) {
            case DATE -> LocalDate.ofEpochDay((Integer) value).toString();
            case TIME -> LocalTime.ofNanoOfDay((Long) value * 1000).toString();
            case TIMESTAMP ->
                LocalDateTime.ofInstant(instant((Long) value), ZoneOffset.UTC).toString();
            case TIMESTAMP_TZ -> instant((Long) value).toString();
            case BINARY, VARBINARY -> "x'" + HexFormat.of().formatHex((byte[]) value) + "'";
            default -> value.toString().replace("\n", "\\n");
        };
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    @Override
    public void close() {
        sessions.values().forEach(Session::close);
    }
}
