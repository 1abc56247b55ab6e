package io.atlasdb.sql.session;

/**
 * How to run a statement.
 *
 * @param timeoutMs milliseconds after which it fails with {@code TIMED_OUT}; 0 = the session's setting
 * @param rowsMax at most so many rows; 0 = all
 * @param generatedKeys whether the keys of inserted rows are wanted
 */
public record ExecuteOptions(long timeoutMs, long rowsMax, boolean generatedKeys) {
    public static final ExecuteOptions NONE = new ExecuteOptions(0, 0, false);
}
