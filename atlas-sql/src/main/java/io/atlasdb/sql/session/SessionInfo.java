package io.atlasdb.sql.session;

/**
 * One session as {@code atlas.sessions} shows it.
 *
 * @param id never used twice on a node
 * @param state "idle", "active" or "in transaction"
 * @param startedMs milliseconds since 1970
 * @param statement the text that runs now or ran last, shortened; empty before the first
 * @param statementStartedMs when that began, 0 before the first
 * @param transactionStartedMs when the open transaction began, 0 when there is none
 */
public record SessionInfo(
        long id,
        String user,
        String applicationName,
        String schema,
        String state,
        long startedMs,
        String statement,
        long statementStartedMs,
        long transactionStartedMs) {}
