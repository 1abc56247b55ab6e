package io.atlasdb.sql.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.proto.AtlasException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private static final Placement PLACEMENT =
            new Placement(List.of("eu", "us east"), OptionalInt.of(1), OptionalInt.empty(), "pin:eu");

    @Test
    void whatIsWrittenIsReadAlike() {
        assertThat(Placement.decode(PLACEMENT.encode())).isEqualTo(PLACEMENT);
        assertThat(Placement.decode(Placement.DEFAULT.encode())).isEqualTo(Placement.DEFAULT);
        assertThat(Placement.group(Placement.key(1L << 40))).isEqualTo(1L << 40);
    }

    @Test
    void aPartOfItIsCorrupt() {
        byte[] bytes = PLACEMENT.encode();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> Placement.decode(cut)).isInstanceOf(AtlasException.class);
        }
    }

    @Test
    void theFirstCommitOfAGroupTellsItsPlacement() {
        Write other = new Write(Store.SYSTEM_GROUP, Placement.key(7), Placement.DEFAULT.encode());
        Write own = new Write(Store.SYSTEM_GROUP, Placement.key(8), PLACEMENT.encode());
        Commit commit = new Commit(Commit.BLIND, List.of(), List.of(other, own), List.of(), List.of());
        assertThat(Placement.written(commit, 8)).isEqualTo(PLACEMENT);
        assertThat(Placement.written(commit, 9)).isEqualTo(Placement.DEFAULT);
    }
}
