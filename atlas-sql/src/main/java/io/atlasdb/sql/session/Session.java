package io.atlasdb.sql.session;

import io.atlasdb.sql.catalog.Catalog;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One client conversation. A session serves one call at a time, from any thread; a second call waits for the first, only
 * {@link #cancel} does not. Errors are {@code AtlasException}s.
 *
 * <p>Values go in and out as the Java classes named at {@code SqlType.Kind}.
 */
public interface Session extends AutoCloseable {
    /** Parses and plans a statement, or finds its plan. */
    Prepared prepare(String sql);

    /**
     * Runs a statement. In autocommit its transaction has ended when this returns, except that rows of a query are still read
     * from its snapshot. A second execution of the same {@code prepared} does not close the first one's rows.
     *
     * @param parameters one per {@code ?}, in order
     */
    Execution execute(Prepared prepared, List<? extends @Nullable Object> parameters, ExecuteOptions options);

    /**
     * Runs a short statement in autocommit without ever making the caller wait, for threads that must not: reads are of what is at
     * hand, and the commit is waited for by the future.
     *
     * @return null when the statement is none of these, and nothing was done; else what completes with the execution, or with null
     *     when others came in between and it must be run by {@link #execute}, or with the {@code AtlasException} that it fails of
     */
    default @Nullable CompletableFuture<@Nullable Execution> executeAtOnce(
            Prepared prepared, List<? extends @Nullable Object> parameters, ExecuteOptions options) {
        return null;
    }

    /**
     * Runs a statement once per row of parameters, all of them in one transaction (its own in autocommit).
     *
     * @param options {@code generatedKeys} asks for the keys of all rows
     */
    BatchCounts executeBatch(
            Prepared prepared, List<? extends List<? extends @Nullable Object>> rows, ExecuteOptions options);

    /** Commits the open transaction; nothing when there is none. */
    void commit();

    /** Rolls back the open transaction; nothing when there is none. */
    void rollback();

    boolean autoCommit();

    /** Takes effect at once; switching it on commits the open transaction. */
    void setAutoCommit(boolean autoCommit);

    /** Whether a transaction is open that a commit would end. */
    boolean inTransaction();

    boolean readOnly();

    void setReadOnly(boolean readOnly);

    /** {@code java.sql.Connection.TRANSACTION_*}. */
    int isolation();

    void setIsolation(int level);

    /** The schema that unqualified names are looked up in first. */
    String schema();

    void setSchema(String schema);

    /** The newest catalog, for metadata. */
    Catalog catalog();

    /** Cancels the statement that runs now, from any thread; it fails with {@code CANCELLED}. */
    void cancel();

    /** Rolls back and frees everything; later calls fail. */
    @Override
    void close();
}
