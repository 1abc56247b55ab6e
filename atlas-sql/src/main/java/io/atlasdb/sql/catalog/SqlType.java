package io.atlasdb.sql.catalog;

/**
 * A column type. Values are held by these Java classes everywhere between the codec and the client: see {@link Kind}.
 *
 * @param precision digits of DECIMAL, characters of CHAR and VARCHAR, bytes of BINARY and VARBINARY, fraction digits 0–6 of
 *     TIME and TIMESTAMP; {@link #UNLIMITED} for a VARCHAR or VARBINARY without a length; 0 where it has no meaning
 * @param scale fraction digits of DECIMAL, 0 elsewhere
 */
public record SqlType(Kind kind, int precision, int scale) {
    /** The precision of a VARCHAR or VARBINARY without a length. */
    public static final int UNLIMITED = -1;

    /** The scalar types, each with the Java class of its values. */
    public enum Kind {
        /** {@link Boolean}. */
        BOOLEAN,
        /** {@link Byte}. */
        TINYINT,
        /** {@link Short}. */
        SMALLINT,
        /** {@link Integer}. */
        INTEGER,
        /** {@link Long}. */
        BIGINT,
        /** {@link java.math.BigDecimal}, its scale equal to the type's. */
        DECIMAL,
        /** {@link Float}. */
        REAL,
        /** {@link Double}. */
        DOUBLE,
        /** {@link String}, padded with blanks to the precision. */
        CHAR,
        /** {@link String}. */
        VARCHAR,
        /** {@code byte[]}, padded with zeros to the precision. */
        BINARY,
        /** {@code byte[]}. */
        VARBINARY,
        /** {@link Integer}, days since 1970-01-01. */
        DATE,
        /** {@link Long}, microseconds since midnight. */
        TIME,
        /** {@link Long}, microseconds since 1970-01-01 00:00 of an unnamed zone. */
        TIMESTAMP,
        /** {@link Long}, microseconds since 1970-01-01 00:00 UTC. */
        TIMESTAMP_TZ,
        /** {@link Integer}, months. */
        INTERVAL_YEAR_MONTH,
        /** {@link Long}, microseconds. */
        INTERVAL_DAY_TIME,
        /** {@link java.util.UUID}. */
        UUID,
        /** {@link String}, a JSON text. */
        JSON
    }

    /** A type without parameters. */
    public static SqlType of(Kind kind) {
        return new SqlType(
                kind,
                switch (kind) {
                    case VARCHAR, VARBINARY -> UNLIMITED;
                    case CHAR, BINARY -> 1;
                    case DECIMAL -> 38;
                    case TIME, TIMESTAMP, TIMESTAMP_TZ -> 6;
                    default -> 0;
                },
                0);
    }

    /** A type with a length, precision or fraction digits. */
    public static SqlType of(Kind kind, int precision) {
        return new SqlType(kind, precision, 0);
    }

    /** As SQL writes it, {@code DECIMAL(10, 2)}. */
    @Override
    public String toString() {
        String name = switch (kind) {
            case TIMESTAMP_TZ -> "TIMESTAMP WITH TIME ZONE";
            case INTERVAL_YEAR_MONTH -> "INTERVAL YEAR TO MONTH";
            case INTERVAL_DAY_TIME -> "INTERVAL DAY TO SECOND";
            default -> kind.name();
        };
        return switch (kind) {
            case DECIMAL -> name + "(" + precision + ", " + scale + ")";
            case CHAR, BINARY -> name + "(" + precision + ")";
            case VARCHAR, VARBINARY -> precision == UNLIMITED ? name : name + "(" + precision + ")";
            case TIME, TIMESTAMP -> precision == 6 ? name : name + "(" + precision + ")";
            default -> name;
        };
    }
}
