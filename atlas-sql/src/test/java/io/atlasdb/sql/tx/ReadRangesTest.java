package io.atlasdb.sql.tx;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.sql.Seeds;
import io.atlasdb.sql.store.KeyRange;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadRangesTest {
    @Test
    void whatWasAddedIsCoveredAndNothingElseBelowTheBound() {
        Seeds.forAll(random -> {
            int countMax = random.nextBoolean() ? 2 : 1_000;
            ReadRanges ranges = new ReadRanges(countMax);
            List<KeyRange> added = new ArrayList<>();
            for (int i = random.nextInt(12); i > 0; i--) {
                byte[] from = {(byte) random.nextInt(20)};
                byte[] to = random.nextInt(10) == 0 ? new byte[0] : new byte[] {(byte) random.nextInt(20)};
                KeyRange range = random.nextInt(3) == 0 ? KeyRange.of(1, from) : new KeyRange(1, from, to);
                added.add(range);
                ranges.add(range);
            }
            List<KeyRange> kept = ranges.toList();
            assertThat(kept).hasSize(ranges.size()).hasSizeLessThanOrEqualTo(countMax);
            for (int first = 0; first < 20; first++) {
                for (byte[] key : new byte[][] {{(byte) first}, {(byte) first, 0}, {(byte) first, 1}}) {
                    long covering =
                            kept.stream().filter(range -> range.contains(key)).count();
                    boolean wanted = added.stream().anyMatch(range -> range.contains(key));
                    assertThat(covering).isLessThanOrEqualTo(1);
                    if (wanted || countMax > added.size()) {
                        assertThat(covering == 1).isEqualTo(wanted);
                    }
                }
            }
        });
    }

    @Test
    void groupsAreKeptApart() {
        ReadRanges ranges = new ReadRanges(1);
        byte[] key = {1};
        ranges.add(KeyRange.of(1, key));
        ranges.add(KeyRange.of(2, key));
        assertThat(ranges.toList()).extracting(KeyRange::group).containsExactlyInAnyOrder(1L, 2L);
    }
}
