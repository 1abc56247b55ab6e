package io.atlasdb.node.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.atlasdb.node.replica.StateMachine;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.RowIterator;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What can be seen of a group, as one text to compare: equal slots give equal hashes at every replica. */
public final class StateHash {
    private static final byte[] ALL = {};

    private StateHash() {}

    /** Rows at a timestamp, META and the position. */
    public static String of(StateMachine machine, long group, long timestamp) {
        String rows = rows(machine, group, timestamp, false);
        MessageDigest digest = sha256();
        machine.metaScan(group, ALL, (key, value) -> add(digest, key, value));
        digest.update(machine.applied(group).toString().getBytes(UTF_8));
        return rows + HexFormat.of().formatHex(digest.digest());
    }

    /** The rows alone; the hash of a walk backwards is the same. */
    public static String rows(StateMachine machine, long group, long timestamp, boolean reverse) {
        byte[] sum = new byte[32];
        try (RowIterator rows = machine.scan(new KeyRange(group, ALL, ALL), timestamp, reverse)) {
            while (rows.next()) {
                MessageDigest digest = sha256();
                add(digest, rows.key(), rows.value());
                byte[] row = digest.digest();
                for (int i = 0; i < sum.length; i++) {
                    sum[i] ^= row[i];
                }
            }
        }
        return HexFormat.of().formatHex(sum);
    }

    private static void add(MessageDigest digest, byte[] key, byte[] value) {
        digest.update(
                ByteBuffer.allocate(8).putInt(key.length).putInt(value.length).flip());
        digest.update(key);
        digest.update(value);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
