package io.atlasdb.sql.plan.runtime;

import io.atlasdb.sql.plan.RowCursor;
import java.util.List;
import org.apache.calcite.linq4j.Enumerator;
import org.jspecify.annotations.Nullable;

/** The rows of generated code as a cursor. */
public final class EnumerableCursor implements RowCursor {
    private final AtlasContext context;
    private final Enumerator<?> rows;
    private final int width;
    private final RuntimeErrors errors;
    private boolean closed;

    /**
     * @param width columns of the result; a row of one column comes as the bare value
     * @param errors of the code that gives the rows
     */
    public EnumerableCursor(AtlasContext context, Enumerator<?> rows, int width, RuntimeErrors errors) {
        this.context = context;
        this.rows = rows;
        this.width = width;
        this.errors = errors;
    }

    @Override
    public boolean next() {
        if (closed) {
            return false;
        }
        try {
            return rows.moveNext();
        } catch (RuntimeException | StackOverflowError | LinkageError e) {
            throw errors.of(e);
        }
    }

    @Override
    public @Nullable Object[] row() {
        try {
            Object current = rows.current();
            @Nullable Object[] row = new @Nullable Object[width];
            if (width == 1 && !(current instanceof Object[] || current instanceof List<?>)) {
                row[0] = Values.toExternal(current);
                return row;
            }
            // Some of Calcite's operators give lists, whatever was asked for.
            Object[] values = current instanceof List<?> list ? list.toArray() : (Object[]) current;
            for (int i = 0; i < width; i++) {
                row[i] = Values.toExternal(values[i]);
            }
            return row;
        } catch (RuntimeException | StackOverflowError | LinkageError e) {
            throw errors.of(e);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try {
                rows.close();
            } finally {
                context.close();
            }
        }
    }
}
