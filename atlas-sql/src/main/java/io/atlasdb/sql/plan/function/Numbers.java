package io.atlasdb.sql.plan.function;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** Arithmetic that reports overflow and division by zero, and conversions between numbers. Integer division truncates. */
public final class Numbers {
    private Numbers() {}

    /** Narrows to the range of a type. */
    public static byte toTinyint(long value) {
        if ((byte) value != value) {
            throw ErrorCode.NUMERIC_OVERFLOW.error(value, "TINYINT");
        }
        return (byte) value;
    }

    public static short toSmallint(long value) {
        if ((short) value != value) {
            throw ErrorCode.NUMERIC_OVERFLOW.error(value, "SMALLINT");
        }
        return (short) value;
    }

    public static int toInteger(long value) {
        if ((int) value != value) {
            throw ErrorCode.NUMERIC_OVERFLOW.error(value, "INTEGER");
        }
        return (int) value;
    }

    /** Rounds half up. An error names the {@code wanted} type, to which the caller narrows the result. */
    public static long toBigint(BigDecimal value, String wanted) {
        BigDecimal rounded = value.setScale(0, RoundingMode.HALF_UP);
        if (rounded.precision() > 19 || rounded.unscaledValue().bitLength() > 63) {
            throw ErrorCode.NUMERIC_OVERFLOW.error(value.toPlainString(), wanted);
        }
        return rounded.longValue();
    }

    /** Rounds half up. An error names the {@code wanted} type. */
    public static long doubleToBigint(double value, String wanted) {
        if (!(value > -0x1p63 - 1 && value < 0x1p63)) {
            throw ErrorCode.NUMERIC_OVERFLOW.error(value, wanted);
        }
        double rounded = Math.rint(value);
        return Math.abs(value - Math.rint(value)) == 0.5 ? (long) (value + Math.copySign(0.5, value)) : (long) rounded;
    }

    public static float toReal(double value) {
        float narrow = (float) value;
        if (Float.isInfinite(narrow) && !Double.isInfinite(value)) {
            throw ErrorCode.NUMERIC_OVERFLOW.error(value, "REAL");
        }
        return narrow;
    }

    public static double decimalToDouble(BigDecimal value) {
        return value.doubleValue();
    }

    /** Gives a decimal its declared scale, rounding half up, and checks its digits. */
    public static BigDecimal fit(BigDecimal value, int precision, int scale) {
        BigDecimal scaled = value.scale() == scale ? value : value.setScale(scale, RoundingMode.HALF_UP);
        if (scaled.precision() > precision && scaled.signum() != 0) {
            throw ErrorCode.NUMERIC_OVERFLOW.error(value.toPlainString(), "DECIMAL(" + precision + ", " + scale + ")");
        }
        return scaled;
    }

    public static BigDecimal longToDecimal(long value, int precision, int scale) {
        return fit(BigDecimal.valueOf(value), precision, scale);
    }

    public static BigDecimal doubleToDecimal(double value, int precision, int scale) {
        if (!Double.isFinite(value)) {
            throw ErrorCode.NUMERIC_OVERFLOW.error(value, "DECIMAL(" + precision + ", " + scale + ")");
        }
        return fit(BigDecimal.valueOf(value), precision, scale);
    }

    public static long plus(long left, long right) {
        long sum = left + right;
        if (((left ^ sum) & (right ^ sum)) < 0) {
            throw overflow(left, "+", right);
        }
        return sum;
    }

    public static long minus(long left, long right) {
        long difference = left - right;
        if (((left ^ right) & (left ^ difference)) < 0) {
            throw overflow(left, "-", right);
        }
        return difference;
    }

    public static long times(long left, long right) {
        long high = Math.multiplyHigh(left, right);
        long low = left * right;
        if ((high != 0 || low < 0) && (high != -1 || low >= 0)) {
            throw overflow(left, "*", right);
        }
        return low;
    }

    public static long divide(long left, long right) {
        if (right == 0) {
            throw ErrorCode.DIVISION_BY_ZERO.error();
        }
        if (left == Long.MIN_VALUE && right == -1) {
            throw overflow(left, "/", right);
        }
        return left / right;
    }

    public static long modulo(long left, long right) {
        if (right == 0) {
            throw ErrorCode.DIVISION_BY_ZERO.error();
        }
        return right == -1 ? 0 : left % right;
    }

    public static long negate(long value) {
        if (value == Long.MIN_VALUE) {
            throw overflow(0, "-", value);
        }
        return -value;
    }

    public static long absolute(long value) {
        return value < 0 ? negate(value) : value;
    }

    private static AtlasException overflow(long left, String operator, long right) {
        return ErrorCode.NUMERIC_OVERFLOW.error(left + " " + operator + " " + right, "BIGINT");
    }

    public static BigDecimal plusDecimal(BigDecimal left, BigDecimal right, int precision, int scale) {
        return fit(left.add(right), precision, scale);
    }

    public static BigDecimal minusDecimal(BigDecimal left, BigDecimal right, int precision, int scale) {
        return fit(left.subtract(right), precision, scale);
    }

    public static BigDecimal timesDecimal(BigDecimal left, BigDecimal right, int precision, int scale) {
        return fit(left.multiply(right), precision, scale);
    }

    public static BigDecimal divideDecimal(BigDecimal left, BigDecimal right, int precision, int scale) {
        if (right.signum() == 0) {
            throw ErrorCode.DIVISION_BY_ZERO.error();
        }
        return fit(left.divide(right, scale, RoundingMode.HALF_UP), precision, scale);
    }

    public static BigDecimal moduloDecimal(BigDecimal left, BigDecimal right, int precision, int scale) {
        if (right.signum() == 0) {
            throw ErrorCode.DIVISION_BY_ZERO.error();
        }
        return fit(left.remainder(right), precision, scale);
    }

    public static BigDecimal negateDecimal(BigDecimal value) {
        return value.negate();
    }

    public static double plusDouble(double left, double right) {
        return finite(left + right, left, "+", right);
    }

    public static double minusDouble(double left, double right) {
        return finite(left - right, left, "-", right);
    }

    public static double timesDouble(double left, double right) {
        return finite(left * right, left, "*", right);
    }

    public static double divideDouble(double left, double right) {
        if (right == 0) {
            throw ErrorCode.DIVISION_BY_ZERO.error();
        }
        return finite(left / right, left, "/", right);
    }

    public static double moduloDouble(double left, double right) {
        if (right == 0) {
            throw ErrorCode.DIVISION_BY_ZERO.error();
        }
        return left % right;
    }

    private static double finite(double result, double left, String operator, double right) {
        if (Double.isInfinite(result) && !Double.isInfinite(left) && !Double.isInfinite(right)) {
            throw ErrorCode.NUMERIC_OVERFLOW.error(left + " " + operator + " " + right, "DOUBLE");
        }
        return result;
    }

    /** Reads an exact number with blanks around it. */
    public static long parseBigint(String text, String wanted) {
        String trimmed = text.strip();
        try {
            return Long.parseLong(trimmed);
        } catch (NumberFormatException notLong) {
            return toBigint(parse(text, wanted), wanted);
        }
    }

    /** PERCENT_RANK: 0 for the first row of its partition, 1 for one behind all others. */
    public static double percentRank(long rank, long rows) {
        return rows == 1 ? 0 : (rank - 1) / (double) (rows - 1);
    }

    /** CUME_DIST: the share of a partition's rows that are not behind the current one. */
    public static double share(long part, long whole) {
        return part / (double) whole;
    }

    /** Reads a decimal with blanks around it. */
    public static BigDecimal parseDecimal(String text, int precision, int scale) {
        return fit(parse(text, "DECIMAL"), precision, scale);
    }

    /** Reads a number with blanks around it, or NaN, Infinity and -Infinity. */
    public static double parseDouble(String text) {
        String trimmed = text.strip();
        return switch (trimmed.toUpperCase(Locale.ROOT)) {
            case "NAN" -> Double.NaN;
            case "INFINITY" -> Double.POSITIVE_INFINITY;
            case "-INFINITY" -> Double.NEGATIVE_INFINITY;
            default -> {
                double value = parse(text, "DOUBLE").doubleValue();
                if (Double.isInfinite(value)) {
                    throw ErrorCode.NUMERIC_OVERFLOW.error(trimmed, "DOUBLE");
                }
                yield value;
            }
        };
    }

    private static BigDecimal parse(String text, String type) {
        String trimmed = text.strip();
        // A huge exponent would make the conversion to digits take for ever.
        int exponent = Math.max(trimmed.lastIndexOf('e'), trimmed.lastIndexOf('E'));
        if (trimmed.isEmpty() || (exponent >= 0 && trimmed.length() - exponent > 6)) {
            throw ErrorCode.INVALID_TEXT.error(text, type);
        }
        try {
            return new BigDecimal(trimmed);
        } catch (NumberFormatException notNumber) {
            throw ErrorCode.INVALID_TEXT.error(text, type);
        }
    }
}
