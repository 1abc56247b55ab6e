package io.atlasdb.sql.codec;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Values of any Java class to numeric SQL types. */
final class Numbers {
    /** Digits before the point that no exact type holds; also the bound to which decimals are written out. */
    private static final int DIGITS_MAX = 40;

    private Numbers() {}

    static Object to(SqlType type, Object value) {
        return switch (type.kind()) {
            case TINYINT -> (byte) whole(type, value, Byte.MIN_VALUE, Byte.MAX_VALUE);
            case SMALLINT -> (short) whole(type, value, Short.MIN_VALUE, Short.MAX_VALUE);
            case INTEGER -> (int) whole(type, value, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case BIGINT -> whole(type, value, Long.MIN_VALUE, Long.MAX_VALUE);
            case DECIMAL -> decimal(type, value);
            case REAL -> {
                double number = real(type, value);
                float narrow = (float) number;
                if (Float.isInfinite(narrow) && !Double.isInfinite(number)) {
                    throw overflow(type, value);
                }
                yield value instanceof Float same ? same : narrow;
            }
            default -> real(type, value);
        };
    }

    /** A decimal without an exponent, unless that would take very many digits. */
    static String text(BigDecimal value) {
        return isModest(value) ? value.toPlainString() : value.toString();
    }

    private static long whole(SqlType type, Object value, long min, long max) {
        long number;
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            number = ((Number) value).longValue();
        } else {
            BigDecimal rounded = rounded(type, value, 0);
            if (rounded.toBigInteger().bitLength() >= Long.SIZE) {
                throw overflow(type, value);
            }
            number = rounded.longValue();
        }
        if (number < min || number > max) {
            throw overflow(type, value);
        }
        return number;
    }

    private static BigDecimal decimal(SqlType type, Object value) {
        BigDecimal rounded = rounded(type, value, type.scale());
        if (rounded.precision() > type.precision()) {
            throw overflow(type, value);
        }
        return rounded;
    }

    /** Rounds half up. Exponents of any size are met before the number is written out. */
    private static BigDecimal rounded(SqlType type, Object value, int scale) {
        BigDecimal number = exact(type, value);
        if (number.signum() == 0 || (long) number.precision() - number.scale() < -DIGITS_MAX) {
            return BigDecimal.ZERO.setScale(scale);
        }
        if ((long) number.precision() - number.scale() > DIGITS_MAX) {
            throw overflow(type, value);
        }
        return number.setScale(scale, RoundingMode.HALF_UP);
    }

    private static BigDecimal exact(SqlType type, Object value) {
        if (value instanceof BigDecimal decimal) {
            return decimal;
        }
        if (value instanceof BigInteger integer) {
            return new BigDecimal(integer);
        }
        if (value instanceof Float || value instanceof Double) {
            double number = ((Number) value).doubleValue();
            if (Double.isNaN(number) || Double.isInfinite(number)) {
                throw overflow(type, value);
            }
            return new BigDecimal(value.toString());
        }
        if (value instanceof Number number) {
            return BigDecimal.valueOf(number.longValue());
        }
        if (value instanceof String text) {
            try {
                return new BigDecimal(text.trim());
            } catch (NumberFormatException e) {
                throw ErrorCode.INVALID_TEXT.error(Convert.shown(text), type);
            }
        }
        throw Convert.refuse(type, value);
    }

    private static double real(SqlType type, Object value) {
        if (value instanceof Float || value instanceof Double) {
            return ((Number) value).doubleValue();
        }
        if (value instanceof String text && isSpecial(text.trim())) {
            return Double.parseDouble(text.trim());
        }
        double number = exact(type, value).doubleValue();
        if (Double.isInfinite(number)) {
            throw overflow(type, value);
        }
        return number;
    }

    private static boolean isSpecial(String text) {
        return text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity");
    }

    private static boolean isModest(BigDecimal value) {
        return Math.abs((long) value.scale()) <= 1_000;
    }

    private static RuntimeException overflow(SqlType type, Object value) {
        return ErrorCode.NUMERIC_OVERFLOW.error(Convert.shown(value), type);
    }
}
