package io.atlasdb.node.fuzz;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Damages bytes in the ways in which programs and people do. */
final class Mutator {
    private static final byte[][] AWKWARD = {
        {0},
        {'\r'},
        {'\t'},
        {' '},
        {' ', ' '},
        {(byte) 0xFF},
        {(byte) 0xC3, 0x28},
        {(byte) 0xE2, (byte) 0x80, (byte) 0xA8},
        "[ID:".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
        "] ".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
        "-1".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
        "18446744073709551616".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
        "%s%n".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
        "''\"\\".getBytes(java.nio.charset.StandardCharsets.US_ASCII)
    };

    private Mutator() {}

    /** The bytes with one to four changes from {@code from} on; often of another length. */
    static byte[] mutate(RandomGenerator random, byte[] bytes, int from) {
        byte[] changed = bytes.clone();
        for (int left = 1 + random.nextInt(4); left > 0; left--) {
            int at = from + random.nextInt(Math.max(1, changed.length - from + 1));
            changed = once(random, changed, Math.min(at, changed.length), from);
        }
        return changed;
    }

    private static byte[] once(RandomGenerator random, byte[] bytes, int at, int from) {
        switch (random.nextInt(6)) {
            case 0:
                return splice(bytes, at, at, AWKWARD[random.nextInt(AWKWARD.length)]);
            case 1:
                return splice(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(8)), new byte[0]);
            case 2:
                return Arrays.copyOf(bytes, Math.max(from, at));
            case 3: {
                int end = Math.min(bytes.length, at + 1 + random.nextInt(16));
                return splice(bytes, at, at, Arrays.copyOfRange(bytes, at, end));
            }
            default:
                if (at < bytes.length) {
                    bytes[at] = (byte) (random.nextBoolean() ? bytes[at] ^ (1 << random.nextInt(8)) : random.nextInt());
                }
                return bytes;
        }
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[] put) {
        byte[] joined = new byte[bytes.length - (to - from) + put.length];
        System.arraycopy(bytes, 0, joined, 0, from);
        System.arraycopy(put, 0, joined, from, put.length);
        System.arraycopy(bytes, to, joined, from + put.length, bytes.length - to);
        return joined;
    }
}
