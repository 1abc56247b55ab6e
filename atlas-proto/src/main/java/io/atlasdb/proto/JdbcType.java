package io.atlasdb.proto;

import java.sql.Types;
import org.jspecify.annotations.Nullable;

/**
 * What JDBC says of each SQL type; the names are those of {@code client.Type.Kind} and of the catalog's kinds. Shared, so that
 * {@code DatabaseMetaData}, which the server answers, and {@code ResultSetMetaData}, which the driver answers, agree.
 */
public enum JdbcType {
    NULL(Types.NULL, "java.lang.Object", 0, 0, 4),
    BOOLEAN(Types.BOOLEAN, "java.lang.Boolean", 1, 0, 5),
    TINYINT(Types.TINYINT, "java.lang.Integer", 3, 10, 4),
    SMALLINT(Types.SMALLINT, "java.lang.Integer", 5, 10, 6),
    INTEGER(Types.INTEGER, "java.lang.Integer", 10, 10, 11),
    BIGINT(Types.BIGINT, "java.lang.Long", 19, 10, 20),
    DECIMAL(Types.DECIMAL, "java.math.BigDecimal", 38, 10, 40),
    REAL(Types.REAL, "java.lang.Float", 7, 10, 15),
    DOUBLE(Types.DOUBLE, "java.lang.Double", 15, 10, 25),
    CHAR(Types.CHAR, "java.lang.String", 1, 0, 1),
    VARCHAR(Types.VARCHAR, "java.lang.String", Integer.MAX_VALUE, 0, Integer.MAX_VALUE),
    BINARY(Types.BINARY, "[B", 1, 0, 2),
    VARBINARY(Types.VARBINARY, "[B", Integer.MAX_VALUE, 0, Integer.MAX_VALUE),
    DATE(Types.DATE, "java.sql.Date", 10, 0, 10),
    TIME(Types.TIME, "java.sql.Time", 15, 0, 15),
    TIMESTAMP(Types.TIMESTAMP, "java.sql.Timestamp", 26, 0, 26),
    TIMESTAMP_TZ(Types.TIMESTAMP_WITH_TIMEZONE, "java.time.OffsetDateTime", 32, 0, 32),
    INTERVAL_YEAR_MONTH(Types.OTHER, "java.time.Period", 12, 0, 12),
    INTERVAL_DAY_TIME(Types.OTHER, "java.time.Duration", 28, 0, 28),
    UUID(Types.OTHER, "java.util.UUID", 36, 0, 36),
    JSON(Types.VARCHAR, "java.lang.String", Integer.MAX_VALUE, 0, Integer.MAX_VALUE);

    private final int code;
    private final String className;
    private final int size;
    private final int radix;
    private final int displaySize;

    JdbcType(int code, String className, int size, int radix, int displaySize) {
        this.code = code;
        this.className = className;
        this.size = size;
        this.radix = radix;
        this.displaySize = displaySize;
    }

    /** Of {@code java.sql.Types}. */
    public int code() {
        return code;
    }

    /** The class that {@code getObject} returns. */
    public String className() {
        return className;
    }

    /** The name that SQL knows the type by, without length or precision. */
    public String sqlName() {
        return switch (this) {
            case TIMESTAMP_TZ -> "TIMESTAMP WITH TIME ZONE";
            case INTERVAL_YEAR_MONTH -> "INTERVAL YEAR TO MONTH";
            case INTERVAL_DAY_TIME -> "INTERVAL DAY TO SECOND";
            default -> name();
        };
    }

    /** Digits, characters or bytes of a column with that precision; the largest for a column without one. */
    public int size(int precision) {
        return hasLength() && precision > 0 ? precision : size;
    }

    /** Characters that a value of a column with that precision and scale takes when it is shown. */
    public int displaySize(int precision, int scale) {
        return switch (this) {
            case DECIMAL -> (precision > 0 ? precision : size) + (scale > 0 ? 2 : 1);
            case CHAR, VARCHAR -> size(precision);
            case BINARY, VARBINARY -> (int) Math.min(Integer.MAX_VALUE, 2L * size(precision));
            default -> displaySize;
        };
    }

    /** Fraction digits of a column, or null where that has no meaning. */
    public @Nullable Integer fractionDigits(int precision, int scale) {
        return switch (this) {
            case DECIMAL -> scale;
            case TINYINT, SMALLINT, INTEGER, BIGINT -> 0;
            case TIME, TIMESTAMP, TIMESTAMP_TZ -> precision;
            default -> null;
        };
    }

    /** 10 for numbers, 0 for everything else. */
    public int radix() {
        return radix;
    }

    /** Whether the type takes a length or a precision in digits. */
    public boolean hasLength() {
        return switch (this) {
            case DECIMAL, CHAR, VARCHAR, BINARY, VARBINARY -> true;
            default -> false;
        };
    }

    /** Whether values are numbers with a sign. */
    public boolean isNumber() {
        return radix == 10;
    }

    /** Whether values are texts. */
    public boolean isText() {
        return this == CHAR || this == VARCHAR || this == JSON;
    }

    /** What stands before a literal, or null. */
    public @Nullable String literalPrefix() {
        return switch (this) {
            case CHAR, VARCHAR -> "'";
            case BINARY, VARBINARY -> "X'";
            case DATE -> "DATE '";
            case TIME -> "TIME '";
            case TIMESTAMP -> "TIMESTAMP '";
            default -> null;
        };
    }
}
