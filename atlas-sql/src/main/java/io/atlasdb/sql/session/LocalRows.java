package io.atlasdb.sql.session;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.exec.Interrupt;
import io.atlasdb.sql.exec.StatementContext;
import io.atlasdb.sql.plan.RowCursor;
import io.atlasdb.sql.tx.Transaction;
import java.util.ArrayDeque;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a query that are read while the client takes them. In autocommit they hold their own transaction, in an open
 * transaction they share its. Before that transaction writes, the rows that are left are read into memory, within the
 * query's budget: a cursor never shows what was written after it was opened.
 */
final class LocalRows implements Rows {
    private final LocalSession session;
    private final RowCursor cursor;
    private final StatementContext statement;
    private final Interrupt interrupt;
    /** The transaction that ends with these rows; null when they only share one. */
    private final @Nullable Transaction own;

    private final long rowsMax;
    private long taken;
    private @Nullable Object @Nullable [] row;
    private @Nullable Queue<@Nullable Object[]> detached;
    private @Nullable AtlasException failure;
    private boolean closed;

    LocalRows(
            LocalSession session,
            RowCursor cursor,
            StatementContext statement,
            Interrupt interrupt,
            @Nullable Transaction own,
            long rowsMax) {
        this.session = session;
        this.cursor = cursor;
        this.statement = statement;
        this.interrupt = interrupt;
        this.own = own;
        this.rowsMax = rowsMax;
    }

    Interrupt interrupt() {
        return interrupt;
    }

    @Override
    public boolean next() {
        return session.fetch(this, interrupt);
    }

    /** {@link #next}, with the session's lock held. */
    boolean advance() {
        if (failure != null) {
            throw failure;
        }
        if (closed) {
            throw ErrorCode.NO_SUCH_CURSOR.error("of these rows");
        }
        row = null;
        if (rowsMax != 0 && taken == rowsMax) {
            return false;
        }
        if (detached != null) {
            interrupt.check();
            row = detached.poll();
        } else if (cursor.next()) {
            row = cursor.row();
        }
        if (row != null) {
            taken++;
        }
        return row != null;
    }

    @Override
    public @Nullable Object[] row() {
        if (row == null) {
            throw new NoSuchElementException("no present row");
        }
        return row;
    }

    /** Reads what is left into memory; what goes wrong is for whoever takes the next row. */
    void detach() {
        if (detached != null || closed || failure != null) {
            return;
        }
        Queue<@Nullable Object[]> rest = new ArrayDeque<>();
        try {
            while ((rowsMax == 0 || taken + rest.size() < rowsMax) && cursor.next()) {
                @Nullable Object[] next = cursor.row();
                statement.reserveRow(next, "rows of an open result, kept since its transaction writes");
                rest.add(next);
            }
            detached = rest;
        } catch (AtlasException e) {
            fail(e);
        }
    }

    /** Ends the rows with an error for whoever asks for the next one. */
    void fail(AtlasException reason) {
        if (!closed) {
            failure = reason;
            row = null;
            release();
        }
    }

    @Override
    public void close() {
        session.closed(this);
    }

    /** {@link #close}, with the session's lock held. */
    void release() {
        if (!closed) {
            closed = true;
            try {
                cursor.close();
            } finally {
                statement.close();
                if (own != null) {
                    own.close();
                }
            }
        }
    }
}
