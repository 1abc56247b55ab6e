package io.atlasdb.node.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.sql.store.LargeValue;
import io.atlasdb.sql.store.LargeValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LargePieceTest {
    private static final int SIZE = LargeValue.CHUNK_BYTES + 1_000;

    private final byte[] bytes = new byte[SIZE];
    private final List<String> calls = new ArrayList<>();

    private LargeValue value() {
        new Random(3).nextBytes(bytes);
        byte[] chunks = new byte[2 * LargeValue.HASH_BYTES];
        for (int i = 0; i < 2; i++) {
            System.arraycopy(
                    Manifest.sha256().digest(part(i)), 0, chunks, i * LargeValue.HASH_BYTES, LargeValue.HASH_BYTES);
        }
        return new LargeValue(Manifest.sha256().digest(bytes), SIZE, chunks);
    }

    private byte[] part(int index) {
        return Arrays.copyOfRange(
                bytes, index * LargeValue.CHUNK_BYTES, Math.min(SIZE, (index + 1) * LargeValue.CHUNK_BYTES));
    }

    private LargePiece piece(LargeValue value, int index) {
        return LargePiece.decode(new LargePiece(value, index, part(index)).encode());
    }

    /** Writes down what is done to it. */
    private LargeValues values(LargeValue gives) {
        return new LargeValues() {
            @Override
            public Upload upload(long size) {
                calls.add("upload " + size);
                return new Upload() {
                    @Override
                    public void add(byte[] some, int offset, int length) {
                        calls.add("add " + length);
                    }

                    @Override
                    public LargeValue finish() {
                        calls.add("finish");
                        return gives;
                    }

                    @Override
                    public void close() {
                        calls.add("close");
                    }
                };
            }

            @Override
            public Download open(long group, LargeValue of) {
                throw new AssertionError("nothing is read");
            }
        };
    }

    @Test
    void aPieceThatDiffersFromItsNameIsRefused() {
        LargeValue value = value();
        byte[] encoded = new LargePiece(value, 1, part(1)).encode();
        assertThat(LargePiece.decode(encoded).isLast()).isTrue();
        encoded[encoded.length - 1] ^= 1;
        assertThatThrownBy(() -> LargePiece.decode(encoded)).hasMessageContaining("is another one");
        assertThatThrownBy(() -> LargePiece.decode(Arrays.copyOf(encoded, 20)))
                .hasMessageContaining("a part of a large value of 20 bytes");
        assertThatThrownBy(() -> LargePiece.decode(new byte[3])).hasMessageContaining("of 3 bytes");
    }

    @Test
    void aValueIsHeldUntilItsRowsAreWritten() {
        LargeValue value = value();
        LargeWriter writer = new LargeWriter(values(value));
        writer.add(16, piece(value, 0));
        writer.add(16, piece(value, 1));
        writer.written(17);
        assertThat(calls).containsExactly("upload " + SIZE, "add 1048576", "add 1000", "finish");
        writer.written(16);
        assertThat(calls).endsWith("close");
    }

    @Test
    void aPartThatIsMissingIsNoticedAndNothingStaysOpen() {
        LargeValue value = value();
        LargeWriter writer = new LargeWriter(values(value));
        assertThatThrownBy(() -> writer.add(16, piece(value, 1))).hasMessageContaining("is missing");
        writer.add(16, piece(value, 0));
        writer.close();
        assertThat(calls).endsWith("close");
    }

    @Test
    void aValueThatComesOutDifferentIsRefused() {
        LargeValue value = value();
        LargeValue other = new LargeValue(new byte[LargeValue.HASH_BYTES], SIZE, value.chunks());
        LargeWriter writer = new LargeWriter(values(other));
        writer.add(16, piece(value, 0));
        assertThatThrownBy(() -> writer.add(16, piece(value, 1))).hasMessageContaining("is another one");
        assertThat(calls).endsWith("close");
    }
}
