package io.atlasdb.node.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowComparisonTest {
    @Test
    void exactNumbersOfOneScaleMustBeEqual() {
        assertThat(compare(new BigDecimal("1.23"), new BigDecimal("1.23"))).isTrue();
        assertThat(compare(new BigDecimal("1.23"), new BigDecimal("1.24"))).isFalse();
        assertThat(compare(7, 7L)).isTrue();
        assertThat(compare(7, 8L)).isFalse();
    }

    @Test
    void otherwiseTheLastCommonDigitMayDifferByOne() {
        assertThat(compare(new BigDecimal("0.33"), new BigDecimal("0.333333"))).isTrue();
        assertThat(compare(new BigDecimal("0.35"), new BigDecimal("0.333333"))).isFalse();
        assertThat(compare(new BigDecimal("25.500000"), new BigDecimal("25.5"))).isTrue();
    }

    @Test
    void doublesMayDifferByABillionth() {
        assertThat(compare(1.0, 1.0 + 1e-10)).isTrue();
        assertThat(compare(1.0, 1.0 + 1e-8)).isFalse();
    }

    @Test
    void rowsAreComparedInOrderAndCounted() {
        List<List<Object>> two = List.of(List.of("a", 1), List.of("b", 2));
        assertThat(RowComparison.difference(two, List.of(List.of("b", 2), List.of("a", 1))))
                .isPresent();
        assertThat(RowComparison.difference(two, List.of(List.of("a", 1)))).contains("2 rows instead of 1");
        assertThat(RowComparison.difference(two, two)).isEmpty();
    }

    private static boolean compare(Object found, Object wanted) {
        return RowComparison.difference(List.of(List.of(found)), List.of(List.of(wanted)))
                .isEmpty();
    }
}
