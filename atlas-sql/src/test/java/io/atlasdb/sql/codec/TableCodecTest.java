package io.atlasdb.sql.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.Seeds;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.SqlType.Kind;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.Limits;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TableCodecTest {
    private static final SqlType BIGINT = SqlType.of(Kind.BIGINT);
    private static final SqlType VARCHAR = SqlType.of(Kind.VARCHAR);

    @Test
    void keysSortLikeTheirValues() {
        Seeds.forAll(random -> {
            Table table = RandomRows.table(random);
            TableCodec codec = new TableCodec(table);
            for (int i = 0; i < 10; i++) {
                @Nullable Object[] a = RandomRows.row(random, table);
                @Nullable Object[] b = RandomRows.row(random, table);
                int order = Integer.signum(
                        RandomRows.order(table, table.primaryKey()).compare(a, b));
                assertThat(Integer.signum(Arrays.compareUnsigned(codec.rowKey(a), codec.rowKey(b))))
                        .as("%s %s", Arrays.toString(a), Arrays.toString(b))
                        .isEqualTo(order);
            }
        });
    }

    @Test
    void rowsAndEntriesComeBack() {
        Seeds.forAll(random -> {
            Table table = RandomRows.table(random);
            TableCodec codec = new TableCodec(table);
            @Nullable Object[] row = RandomRows.row(random, table);
            byte[] key = codec.rowKey(row);
            assertThat(codec.decode(key, codec.encode(row))).isEqualTo(row);
            assertThat(codec.rows().contains(key)).isTrue();
            for (Index index : table.indexes()) {
                IndexEntry entry = codec.entry(index, row);
                assertThat(codec.rowKey(index, entry.key(), entry.value())).isEqualTo(key);
                assertThat(codec.entries(index).contains(entry.key())).isTrue();
                @Nullable Object[] part = codec.decodeEntry(index, entry.key(), entry.value());
                for (Index.Part column : index.parts()) {
                    int at = table.position(column.column());
                    assertThat(part[at]).isEqualTo(row[at]);
                }
            }
        });
    }

    @Test
    void onlyWantedColumnsAreRead() {
        Seeds.forAll(random -> {
            Table table = RandomRows.table(random);
            TableCodec codec = new TableCodec(table);
            @Nullable Object[] row = RandomRows.row(random, table);
            int wanted = random.nextInt(row.length);
            @Nullable Object[] read = codec.decode(codec.rowKey(row), codec.encode(row), new int[] {wanted});
            assertThat(read).hasSameSizeAs(row);
            assertThat(read[wanted]).isEqualTo(row[wanted]);
        });
    }

    @Test
    void rangesHoldExactlyTheRowsWithinTheirBounds() {
        Seeds.forAll(random -> {
            Table table = RandomRows.table(random);
            Index index = table.indexes().get(random.nextInt(2));
            TableCodec codec = new TableCodec(table);
            int equalCount = random.nextInt(index.parts().size());
            int next = table.position(index.parts().get(equalCount).column());
            SqlType type = table.columns().get(next).type();
            @Nullable Object[] like = RandomRows.row(random, table);
            @Nullable Object[] equal = new Object[equalCount];
            for (int i = 0; i < equalCount; i++) {
                equal[i] = like[table.position(index.parts().get(i).column())];
            }
            Object lower = random.nextBoolean() ? null : RandomRows.value(random, type);
            Object upper = random.nextBoolean() ? null : RandomRows.value(random, type);
            boolean from = random.nextBoolean();
            boolean to = random.nextBoolean();
            KeyRange range = codec.range(index, equal, lower, from, upper, to);
            for (int i = 0; i < 20; i++) {
                @Nullable Object[] row = RandomRows.row(random, table);
                boolean inside = true;
                for (int c = 0; c < equalCount; c++) {
                    int at = table.position(index.parts().get(c).column());
                    if (random.nextInt(5) > 0) {
                        row[at] = like[at];
                    }
                    inside &= RandomRows.compare(row[at], equal[c]) == 0;
                }
                inside &= isWithin(row[next], lower, from, upper, to);
                assertThat(range.contains(codec.entry(index, row).key()))
                        .as("%s in %s..%s", row[next], lower, upper)
                        .isEqualTo(inside);
            }
        });
    }

    private static boolean isWithin(
            @Nullable Object value, @Nullable Object lower, boolean from, @Nullable Object upper, boolean to) {
        if (lower == null && upper == null) {
            return true;
        }
        if (value == null) {
            return false;
        }
        boolean above = lower == null || RandomRows.compare(value, lower) >= (from ? 0 : 1);
        boolean below = upper == null || RandomRows.compare(value, upper) <= (to ? 0 : -1);
        return above && below;
    }

    @Test
    void decimalBoundsMayHaveMoreFractionDigitsOrBeHuge() {
        Table table = RandomRows.table(
                List.of(RandomRows.column(1, new SqlType(Kind.DECIMAL, 10, 1), null)),
                List.of(new Index.Part(1, false)),
                List.of(),
                2);
        TableCodec codec = new TableCodec(table);
        byte[] key = codec.rowKey(new Object[] {new BigDecimal("1.2")});
        BigDecimal below = new BigDecimal("1.19");
        BigDecimal above = new BigDecimal("1.21");
        BigDecimal huge = new BigDecimal("1E+1000000");
        assertThat(within(codec, below, null).contains(key)).isTrue();
        assertThat(within(codec, above, null).contains(key)).isFalse();
        assertThat(within(codec, null, above).contains(key)).isTrue();
        assertThat(within(codec, null, below).contains(key)).isFalse();
        assertThat(within(codec, huge, null).contains(key)).isFalse();
        assertThat(within(codec, huge.negate(), huge).contains(key)).isTrue();
        assertThat(codec.range(null, new Object[] {above}, null, false, null, false)
                        .isEmpty())
                .isTrue();
        assertThat(codec.range(null, new Object[] {new BigDecimal("1.20")}, null, false, null, false)
                        .contains(key))
                .isTrue();
    }

    private static KeyRange within(TableCodec codec, @Nullable BigDecimal lower, @Nullable BigDecimal upper) {
        return codec.range(null, new Object[0], lower, true, upper, false);
    }

    @Test
    void minusZeroIsZeroInAKey() {
        Table table = RandomRows.table(
                List.of(RandomRows.column(1, SqlType.of(Kind.DOUBLE), null)),
                List.of(new Index.Part(1, false)),
                List.of(),
                2);
        TableCodec codec = new TableCodec(table);
        assertThat(codec.rowKey(new Object[] {-0.0})).isEqualTo(codec.rowKey(new Object[] {0.0}));
    }

    @Test
    void rowsOfOlderSchemasKeepTheirMeaning() {
        Column id = RandomRows.column(1, BIGINT, null);
        Column dropped = RandomRows.column(2, VARCHAR, null);
        Column kept = RandomRows.column(3, VARCHAR, null);
        List<Index.Part> key = List.of(new Index.Part(1, false));
        TableCodec old = new TableCodec(RandomRows.table(List.of(id, dropped, kept), key, List.of(), 4));
        Object[] row = {5L, "gone", "kept"};
        Column added = RandomRows.column(4, VARCHAR, "default");
        Column without = RandomRows.column(100, BIGINT, null);
        TableCodec now = new TableCodec(RandomRows.table(List.of(added, kept, id, without), key, List.of(), 101));
        assertThat(now.decode(old.rowKey(row), old.encode(row))).containsExactly("default", "kept", 5L, null);
        @Nullable Object[] set = {null, "kept", 5L, 7L};
        assertThat(now.decode(now.rowKey(set), now.encode(set))).isEqualTo(set);
        assertThat(old.decode(now.rowKey(set), now.encode(set))).containsExactly(5L, null, "kept");
    }

    @Test
    void uniqueEntriesCollideUnlessAColumnIsNull() {
        Column id = RandomRows.column(1, BIGINT, null);
        Column name = RandomRows.column(2, VARCHAR, null);
        Index unique = new Index(3, "U", true, List.of(new Index.Part(2, false)), Index.State.PUBLIC, true);
        TableCodec codec = new TableCodec(
                RandomRows.table(List.of(id, name), List.of(new Index.Part(1, false)), List.of(unique), 4));
        IndexEntry first = codec.entry(unique, new Object[] {1L, "x"});
        IndexEntry second = codec.entry(unique, new Object[] {2L, "x"});
        assertThat(first.key()).isEqualTo(second.key());
        assertThat(first.unique()).isTrue();
        IndexEntry firstNull = codec.entry(unique, new @Nullable Object[] {1L, null});
        IndexEntry secondNull = codec.entry(unique, new @Nullable Object[] {2L, null});
        assertThat(firstNull.key()).isNotEqualTo(secondNull.key());
        assertThat(firstNull.unique()).isFalse();
    }

    @Test
    void keysAndRowsHaveLimits() {
        Column id = RandomRows.column(1, VARCHAR, null);
        Column data = RandomRows.column(2, SqlType.of(Kind.VARBINARY), null);
        TableCodec codec =
                new TableCodec(RandomRows.table(List.of(id, data), List.of(new Index.Part(1, false)), List.of(), 3));
        assertThat(codec.rowKeyOf("x".repeat(Limits.KEY_BYTES_MAX - 16))).isNotEmpty();
        assertCode(ErrorCode.LIMIT, () -> codec.rowKeyOf("x".repeat(Limits.KEY_BYTES_MAX)));
        Object[] largest = {"x", new byte[Limits.VALUE_BYTES_MAX]};
        assertThat(codec.decode(codec.rowKey(largest), codec.encode(largest))).isEqualTo(largest);
        assertCode(ErrorCode.LIMIT, () -> codec.encode(new Object[] {"x", new byte[Limits.ROW_BYTES_MAX]}));
    }

    @Test
    void damagedBytesAreReportedAsSuch() {
        Seeds.forAll(random -> {
            Table table = RandomRows.table(random);
            TableCodec codec = new TableCodec(table);
            @Nullable Object[] row = RandomRows.row(random, table);
            byte[] key = damaged(random, codec.rowKey(row), codec.rowKey(row).length - 1);
            byte[] value = damaged(random, codec.encode(row), 0);
            try {
                assertThat(codec.decode(key, value)).hasSameSizeAs(row);
            } catch (AtlasException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT);
            }
        });
    }

    private static byte[] damaged(RandomGenerator random, byte[] bytes, int from) {
        byte[] cut = Arrays.copyOf(bytes, random.nextInt(from, bytes.length + 1));
        if (cut.length > from) {
            cut[random.nextInt(from, cut.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return cut;
    }

    private static void assertCode(ErrorCode code, Runnable action) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        AtlasException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
