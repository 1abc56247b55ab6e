package io.atlasdb.sql.store;

/** Every bound of Atlas, each with its reason. */
public final class Limits {
    /** A key, bytes: an index page of MVStore holds several of them. */
    public static final int KEY_BYTES_MAX = 4 << 10;
    /** A row, bytes: the largest value of the socket with what stands around it; rows are held whole in memory. */
    public static final int ROW_BYTES_MAX = (16 << 20) + (64 << 10);
    /** What one transaction writes, bytes: it becomes one entry of a log and is held whole by every replica. */
    public static final int TRANSACTION_BYTES_MAX = 64 << 20;
    /** A request body on the client port, bytes: a transaction's worth. */
    public static final int REQUEST_BYTES_MAX = 64 << 20;
    /** A statement's text, characters: a parser's memory is many times its text. */
    public static final int STATEMENT_CHARACTERS_MAX = 16 << 20;
    /** Parentheses within parentheses: parser, validator and planner are recursive, and this much fits a small stack. */
    public static final int NESTING_MAX = 200;
    /** Operands and operators in a row, without parentheses: the parser's time grows with their square, the tree with them. */
    public static final int EXPRESSION_PARTS_MAX = 8_000;
    /** A blob and a line on the socket, bytes, as the predecessor has it. */
    public static final int LINE_BYTES_MAX = 128 << 20;
    /** A value that the socket stores in a row, bytes. */
    public static final int VALUE_BYTES_MAX = 16 << 20;
    /** A segment of the log, bytes; a larger batch gets a segment of its own. */
    public static final int SEGMENT_BYTES = 64 << 20;
    /** Tables of a node; each costs memory even when quiet. */
    public static final int TABLES_MAX = 10_000;
    /** Tables whose rights a grant on a schema changes: one transaction over as many groups. */
    public static final int SCHEMA_GRANT_TABLES_MAX = 1_000;
    /** Columns of a table, as PostgreSQL has it. */
    public static final int COLUMNS_MAX = 1_600;
    /** How long a transaction may live, milliseconds; recent writes and history are kept at least this long. */
    public static final long TRANSACTION_LIFE_MS = 10 * 60_000L;
    /** Read ranges of one transaction; beyond it neighbouring ranges are merged into wider ones. */
    public static final int READ_RANGES_MAX = 100_000;
    /** Names of tables, columns, principals: characters. */
    public static final int NAME_CHARACTERS_MAX = 256;

    private Limits() {}
}
