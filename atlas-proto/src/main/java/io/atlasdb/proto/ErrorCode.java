package io.atlasdb.proto;

import java.text.MessageFormat;

/**
 * Every error that Atlas reports, with its number, its SQLSTATE and the pattern of its message.
 *
 * <p>The number never changes its meaning; a code that is no longer used keeps its number. Patterns are those of
 * {@link MessageFormat}; an argument is shown with {@code String.valueOf}, so that numbers carry no separators. A message
 * names the key and the value and says what to do.
 */
public enum ErrorCode {
    // 08, connections
    CANNOT_CONNECT(100, "08001", "cannot connect to {0}: {1}"),
    CONNECTION_LOST(101, "08006", "the connection to {0} was lost: {1}"),
    CONNECTION_CLOSED(102, "08003", "the connection is closed"),
    PROTOCOL(103, "08P01", "protocol error: {0}"),
    // 0A, unsupported
    UNSUPPORTED(200, "0A000", "{0} is not supported"),
    // 22, data
    NUMERIC_OVERFLOW(300, "22003", "the value {0} is out of range for {1}"),
    DIVISION_BY_ZERO(301, "22012", "division by zero"),
    STRING_TOO_LONG(302, "22001", "the value is too long for {0}: {1} characters, at most {2} are allowed"),
    INVALID_DATETIME(303, "22007", "\"{0}\" is not a valid {1}"),
    INVALID_TEXT(304, "22P02", "\"{0}\" is not a valid {1}"),
    INVALID_PARAMETER(305, "22023", "invalid value {1} for {0}: {2}"),
    INVALID_CAST(306, "22018", "the value {0} cannot be cast to {1}"),
    DATA(307, "22000", "{0}"),
    WRONG_PARAMETER_COUNT(308, "07001", "the statement has {0} parameters, {1} were given"),
    CARDINALITY(309, "21000", "a subquery used as an expression returned more than one row"),
    // 23, constraints
    NOT_NULL(400, "23502", "column {0} of table {1} cannot be NULL"),
    FOREIGN_KEY(401, "23503", "foreign key {0} is violated: {1}"),
    UNIQUE(402, "23505", "duplicate key in {0}: {1} already exists"),
    CHECK(403, "23514", "check {0} of table {1} is violated"),
    // 25, transaction state
    NO_TRANSACTION(500, "25P01", "there is no open transaction"),
    TRANSACTION_OPEN(501, "25001", "{0} cannot run inside an open transaction; commit or roll back first"),
    TRANSACTION_FAILED(502, "25P02", "the transaction failed and was rolled back; start a new one"),
    READ_ONLY(503, "25006", "{0} is not possible in a read-only transaction"),
    NO_SAVEPOINT(504, "3B001", "there is no savepoint {0}"),
    // 28 and 42501, rights
    LOGIN(600, "28000", "login failed: {0}"),
    DENIED(601, "42501", "permission denied for principal ''{0}'': {1}"),
    // 40, transactions
    SERIALIZATION(700, "40001", "the transaction conflicts with another one: {0}; run it again"),
    OUTCOME_UNKNOWN(701, "40003", "the outcome of the commit is unknown: {0}"),
    SCHEMA_CHANGED(702, "40001", "the schema of table {0} changed while the transaction ran; run it again"),
    // 42, names and syntax
    SYNTAX(800, "42601", "{0}"),
    NO_SUCH_TABLE(801, "42P01", "table {0} does not exist{1}"),
    TABLE_EXISTS(802, "42P07", "table {0} exists already"),
    NO_SUCH_COLUMN(803, "42703", "column {0} does not exist{1}"),
    COLUMN_EXISTS(804, "42701", "column {0} exists already"),
    AMBIGUOUS_COLUMN(805, "42702", "column {0} is ambiguous; name its table"),
    NO_SUCH_SCHEMA(806, "3F000", "schema {0} does not exist{1}"),
    SCHEMA_EXISTS(807, "42P06", "schema {0} exists already"),
    NO_SUCH_INDEX(808, "42704", "index {0} does not exist{1}"),
    INDEX_EXISTS(809, "42P07", "index {0} exists already"),
    NO_SUCH_FUNCTION(810, "42883", "function {0} does not exist{1}"),
    DATATYPE_MISMATCH(811, "42804", "{0}"),
    GROUPING(812, "42803", "{0}"),
    INVALID_DEFINITION(813, "42P16", "{0}"),
    DEPENDENT_OBJECTS(814, "2BP01", "{0} cannot be dropped: {1} depends on it"),
    NO_SUCH_SETTING(815, "42704", "there is no setting {0}{1}"),
    NO_SUCH_CURSOR(816, "34000", "statement {0} does not exist or is closed"),
    GENERATED_ALWAYS(817, "428C9", "column {0} is GENERATED ALWAYS AS IDENTITY; leave it out or say DEFAULT"),
    GROUP_EXISTS(818, "42710", "group {0} exists already"),
    NO_SUCH_GROUP(819, "42704", "group {0} does not exist{1}"),
    PRINCIPAL_EXISTS(820, "42710", "a user or role {0} exists already"),
    NO_SUCH_PRINCIPAL(821, "42704", "{0} {1} does not exist"),
    // 53 and 54, limits
    DISK_FULL(900, "53100", "the disk of this node is almost full; writes are refused until space is freed ({0})"),
    MEMORY_BUDGET(901, "53200", "the statement needs more than its memory budget of {0} bytes, in {1}"),
    TOO_MANY_CONNECTIONS(902, "53300", "too many connections, at most {0} are allowed"),
    BUSY(903, "53000", "the node is busy: {0}; try again"),
    LIMIT(904, "54000", "{0} is too large: {1}, at most {2} are allowed"),
    LOCKED(905, "55P03", "the row is locked by another transaction: {0}"),
    // 57 and 58, operator and system
    CANCELLED(1000, "57014", "the statement was cancelled"),
    TIMED_OUT(1001, "57014", "the statement ran longer than its time-out of {0} ms"),
    SHUTTING_DOWN(1002, "57P01", "the node is shutting down"),
    SNAPSHOT_TOO_OLD(1003, "72000", "the snapshot at {0} is older than the history that is kept; start again"),
    INTERNAL(1004, "XX000", "internal error {0}; the log of the node names the cause"),
    CORRUPT(1005, "XX001", "stored data is damaged: {0}"),
    CANNOT_START(1006, "58000", "the node cannot start: {0}"),
    RESTORING(1007, "57P03", "a backup is being restored into this cluster, {0}; its tables appear at the end of that"),
    CANNOT_RESTORE(1008, "55000", "the backup cannot be restored here: {0}"),
    BACKUP_DAMAGED(1009, "XX001", "the backup cannot be used: {0}"),
    // WA, Atlas's own
    NO_QUORUM(1100, "WA001", "no quorum: {0}"),
    WAN_BUDGET(1101, "WA002", "the statement would cost {0} round trips over the WAN, {1} are allowed"),
    OWNER_MOVED(1102, "WA003", "the owner of {0} moved: {1}"),
    RETAINED(1103, "WA004", "{0} is retained until {1}"),
    RESIDENCY(1104, "WA005", "{0} may not leave its regions: {1}"),
    STALENESS(1105, "WA006", "no replica is fresh enough: {0}"),
    UNREACHABLE(1106, "WA007", "node {0} cannot be reached: {1}"),
    MEMBERSHIP(1107, "WA008", "the members of the cluster stay as they are: {0}");

    private final int number;
    private final String sqlState;
    private final String pattern;

    ErrorCode(int number, String sqlState, String pattern) {
        this.number = number;
        this.sqlState = sqlState;
        this.pattern = pattern;
    }

    /** The code of that number; {@link #INTERNAL} when this version does not know it. */
    public static ErrorCode of(int number) {
        for (ErrorCode code : values()) {
            if (code.number == number) {
                return code;
            }
        }
        return INTERNAL;
    }

    /** The number that travels to clients as the vendor code; stable for ever. */
    public int number() {
        return number;
    }

    /** Five characters: class and subclass of ISO/IEC 9075-2 §24, PostgreSQL's where the standard has none. */
    public String sqlState() {
        return sqlState;
    }

    /** The pattern that the documentation shows. */
    public String pattern() {
        return pattern;
    }

    /** The message with its arguments filled in. */
    public String message(Object... arguments) {
        Object[] texts = new Object[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            texts[i] = String.valueOf(arguments[i]);
        }
        return new MessageFormat(pattern, java.util.Locale.ROOT).format(texts);
    }

    /** An exception with this code. */
    public AtlasException error(Object... arguments) {
        return new AtlasException(this, message(arguments), null);
    }

    /** An exception with this code and a cause, which is logged and never sent to a client. */
    public AtlasException error(Throwable cause, Object... arguments) {
        return new AtlasException(this, message(arguments), cause);
    }
}
