package io.atlasdb.node.bench;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Values of sizes that are spread evenly over their logarithm; each is made from its number when it is needed. */
final class BlobSet {
    private static final int PIECE_BYTES = 1 << 20;
    private static final double SHRINK = 0.95;

    private final long seed;
    private final int[] sizes;

    /**
     * Draws sizes.
     *
     * @param bytesMax of all of them; when they come to more, the largest one may only be smaller, and they are drawn again
     */
    BlobSet(long seed, int count, int sizeMin, int sizeMax, long bytesMax) {
        this.seed = seed;
        int[] drawn = draw(seed, count, sizeMin, sizeMax);
        for (double most = sizeMax; sum(drawn) > bytesMax && most > sizeMin; ) {
            most *= SHRINK;
            drawn = draw(seed, count, sizeMin, Math.max(sizeMin, (int) most));
        }
        sizes = drawn;
    }

    private static int[] draw(long seed, int count, int sizeMin, int sizeMax) {
        Random random = new Random(seed);
        double from = Math.log((double) sizeMin);
        double width = Math.log((double) sizeMax) - from;
        int[] sizes = new int[count];
        for (int i = 0; i < count; i++) {
            sizes[i] = (int) Math.min(sizeMax, Math.round(Math.exp(from + random.nextDouble() * width)));
        }
        return sizes;
    }

    private static long sum(int[] sizes) {
        return Arrays.stream(sizes).asLongStream().sum();
    }

    int count() {
        return sizes.length;
    }

    int size(int number) {
        return sizes[number];
    }

    long bytes() {
        return sum(sizes);
    }

    /** The sizes, smallest first. */
    List<Integer> sorted() {
        List<Integer> sorted = new ArrayList<>();
        Arrays.stream(sizes).sorted().forEach(sorted::add);
        return sorted;
    }

    /** Takes the bytes of a value piece by piece. */
    @FunctionalInterface
    interface Sink<E extends Exception> {
        void take(byte[] bytes, int length) throws E;
    }

    /** Gives the bytes of a value. */
    <E extends Exception> void forEach(int number, Sink<E> sink) throws E {
        Random random = new Random(seed * 31 + number);
        byte[] piece = new byte[Math.min(PIECE_BYTES, Math.max(1, sizes[number]))];
        for (int left = sizes[number]; left > 0; left -= piece.length) {
            random.nextBytes(piece);
            sink.take(piece, Math.min(left, piece.length));
        }
    }

    /** The SHA-256 of a value. */
    byte[] sha256(int number) {
        MessageDigest digest = digest();
        forEach(number, (bytes, length) -> digest.update(bytes, 0, length));
        return digest.digest();
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
