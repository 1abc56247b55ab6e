package io.atlasdb.node.socket;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Limits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The keys of one answer, paid from the budget as they come, since their number stands at the beginning of the frame. */
final class KeyList {
    /** What a key costs besides its text, bytes: the array and its place in the list. */
    private static final int OVERHEAD_BYTES = 32;

    private final ByteBudget budget;
    private final List<byte[]> keys = new ArrayList<>();
    private long textBytes;
    private long heldBytes;

    KeyList(ByteBudget budget) {
        this.budget = budget;
    }

    /**
     * Adds a key; control characters, which only SQL can put into one, become blanks.
     *
     * @throws io.atlasdb.proto.AtlasException {@code BUSY} over the budget, {@code LIMIT} over the frame's length
     */
    void add(String key) {
        byte[] bytes = (Text.hasControl(key) ? Text.printable(key) : key).getBytes(StandardCharsets.UTF_8);
        textBytes += bytes.length + 1L;
        if (textBytes > Limits.LINE_BYTES_MAX) {
            throw ErrorCode.LIMIT.error("the list of keys", "more than " + keys.size() + " keys", "128 MiB");
        }
        long needed = 2 * textBytes + (long) OVERHEAD_BYTES * keys.size();
        if (needed > heldBytes + ByteBudget.FREE_BYTES) {
            long step = Math.max(needed - heldBytes, 1 << 20);
            if (!budget.take(step)) {
                throw Execution.busy();
            }
            heldBytes += step;
        }
        keys.add(bytes);
    }

    /** {@code KEYS:<n>} and the keys in the order of their bytes, each after a line feed; {@code EMPTY} without any. */
    Answer answer() {
        if (keys.isEmpty()) {
            return Answer.ok("EMPTY");
        }
        keys.sort(Arrays::compareUnsigned);
        byte[] head = ("KEYS:" + keys.size()).getBytes(StandardCharsets.US_ASCII);
        byte[] frame = Arrays.copyOf(head, Math.toIntExact(head.length + textBytes));
        int at = head.length;
        for (byte[] key : keys) {
            frame[at] = '\n';
            System.arraycopy(key, 0, frame, at + 1, key.length);
            at += key.length + 1;
        }
        return Answer.ok(frame, heldBytes);
    }

    /** Gives back what was taken when there will be no answer. */
    void drop() {
        budget.give(heldBytes);
        heldBytes = 0;
    }
}
