package io.atlasdb.sql.session;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** A session with short words for tests. */
@NullMarked
public final class Sql implements AutoCloseable {
    private final Session session;

    public Sql(Session session) {
        this.session = session;
    }

    public Session session() {
        return session;
    }

    /** Runs a statement that has no rows; its update count. */
    public long run(String sql, @Nullable Object... parameters) {
        Execution execution = execute(sql, parameters);
        if (execution.rows() != null) {
            throw new AssertionError("has rows: " + sql);
        }
        return execution.updateCount();
    }

    /** Runs a query; all its rows. */
    public List<List<@Nullable Object>> rows(String sql, @Nullable Object... parameters) {
        Rows rows = execute(sql, parameters).rows();
        if (rows == null) {
            throw new AssertionError("has no rows: " + sql);
        }
        List<List<@Nullable Object>> all = new ArrayList<>();
        try (rows) {
            while (rows.next()) {
                all.add(Arrays.asList(rows.row()));
            }
        }
        return all;
    }

    /** The rows of a query's execution. */
    public static Rows rowsOf(Execution execution) {
        return Objects.requireNonNull(execution.rows(), "no rows");
    }

    /** The one value of a query with one row and one column. */
    public @Nullable Object value(String sql, @Nullable Object... parameters) {
        List<List<@Nullable Object>> rows = rows(sql, parameters);
        if (rows.size() != 1 || rows.get(0).size() != 1) {
            throw new AssertionError(sql + " gave " + rows);
        }
        return rows.get(0).get(0);
    }

    /** {@link #value} as a whole number. */
    public long number(String sql, @Nullable Object... parameters) {
        Object value = value(sql, parameters);
        if (value == null) {
            throw new AssertionError(sql + " gave NULL");
        }
        return ((Number) value).longValue();
    }

    public Execution execute(String sql, @Nullable Object... parameters) {
        return session.execute(session.prepare(sql), Arrays.asList(parameters), ExecuteOptions.NONE);
    }

    /** The error that an action ends with. */
    public static AtlasException failure(Runnable action) {
        try {
            action.run();
        } catch (AtlasException e) {
            return e;
        }
        throw new AssertionError("no error");
    }

    /** The code of the error that a statement ends with. */
    public ErrorCode error(String sql, @Nullable Object... parameters) {
        return failure(() -> {
                    Rows rows = execute(sql, parameters).rows();
                    if (rows != null) {
                        try (rows) {
                            while (rows.next()) {
                                // to its end: some errors come with a later row
                            }
                        }
                    }
                })
                .code();
    }

    @Override
    public void close() {
        session.close();
    }
}
