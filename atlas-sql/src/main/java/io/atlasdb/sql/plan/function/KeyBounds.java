package io.atlasdb.sql.plan.function;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Values of a wider type as bounds of a column of whole numbers, so that comparing the two can use a key. A bound that the column
 * cannot have becomes the nearest one that selects the same rows; where no row can match it is null. All bounds are inclusive.
 */
public final class KeyBounds {
    private KeyBounds() {}

    /** The number itself, or null when the column cannot hold it. */
    public static @Nullable Long equal(BigDecimal value, long least, long greatest) {
        Long floor = atMost(value, least, greatest);
        return floor != null && BigDecimal.valueOf(floor).compareTo(value) == 0 ? floor : null;
    }

    /** The least number of the column that is {@code value} or more. */
    public static @Nullable Long atLeast(BigDecimal value, long least, long greatest) {
        BigDecimal whole = value.setScale(0, RoundingMode.CEILING);
        if (whole.compareTo(BigDecimal.valueOf(greatest)) > 0) {
            return null;
        }
        return whole.compareTo(BigDecimal.valueOf(least)) < 0 ? least : whole.longValueExact();
    }

    /** The least number of the column that is more than {@code value}. */
    public static @Nullable Long above(BigDecimal value, long least, long greatest) {
        return atLeast(value.setScale(0, RoundingMode.FLOOR).add(BigDecimal.ONE), least, greatest);
    }

    /** The greatest number of the column that is {@code value} or less. */
    public static @Nullable Long atMost(BigDecimal value, long least, long greatest) {
        BigDecimal whole = value.setScale(0, RoundingMode.FLOOR);
        if (whole.compareTo(BigDecimal.valueOf(least)) < 0) {
            return null;
        }
        return whole.compareTo(BigDecimal.valueOf(greatest)) > 0 ? greatest : whole.longValueExact();
    }

    /** The greatest number of the column that is less than {@code value}. */
    public static @Nullable Long below(BigDecimal value, long least, long greatest) {
        return atMost(value.setScale(0, RoundingMode.CEILING).subtract(BigDecimal.ONE), least, greatest);
    }
}
