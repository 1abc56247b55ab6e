package io.atlasdb.node.log;

import java.util.function.LongSupplier;

/**
 * Numbers for the uses of segment files. The high half was never used before; the low half is random, so that nobody can store
 * a row that looks like a batch. Thread-safe.
 */
final class Epochs {
    private final LongSupplier random;
    private long last;

    Epochs(LongSupplier random) {
        this.random = random;
    }

    /** A file exists: numbers go on above it. */
    synchronized void seen(String name, long epoch) {
        last = Math.max(last, epoch >>> 32);
        String number = name.substring(Scan.PREFIX.length());
        if (number.matches("[0-9a-f]{8}")) {
            last = Math.max(last, Long.parseLong(number, 16));
        }
    }

    synchronized long next() {
        last++;
        return (last << 32) | (random.getAsLong() & 0xffff_ffffL);
    }

    /** The name of the file that is made for an epoch. */
    static String name(long epoch) {
        return Scan.PREFIX + String.format("%08x", epoch >>> 32);
    }
}
