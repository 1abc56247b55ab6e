package io.atlasdb.node.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A disk that knows what was forced. A crash keeps any of the sectors that were not, each as it was or as it became, and any
 * of the states that the directory went through since it was forced. Power can be made to fail, and forces and room too.
 */
final class MemoryDisk implements Disk {
    static final int SECTOR_BYTES = 512;

    /** One file: what a reader sees, and what is sure to survive. */
    final class Content implements File {
        byte[] seen;
        private byte[] durable;
        private final BitSet unforced = new BitSet();

        Content(int bytes) {
            seen = new byte[bytes];
            durable = new byte[bytes];
        }

        @Override
        public long bytes() {
            return seen.length;
        }

        @Override
        public void read(ByteBuffer target, long position) {
            synchronized (MemoryDisk.this) {
                target.put(seen, (int) position, (int) Math.min(target.remaining(), seen.length - position));
            }
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            synchronized (MemoryDisk.this) {
                step();
                int length = source.remaining();
                if (position + length > seen.length) {
                    throw new AssertionError("a write beyond the end, at " + position + " of " + seen.length);
                }
                source.get(seen, (int) position, length);
                if (length > 0) {
                    unforced.set((int) position / SECTOR_BYTES, (int) (position + length - 1) / SECTOR_BYTES + 1);
                }
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (MemoryDisk.this) {
                step();
                if (forceFails) {
                    throw new IOException("the force fails");
                }
                forces++;
                durable = seen.clone();
                unforced.clear();
            }
        }

        @Override
        public void close() {}

        /** Any sector that was not forced survives or not. */
        private void crash(RandomGenerator random) {
            for (int sector = unforced.nextSetBit(0); sector >= 0; sector = unforced.nextSetBit(sector + 1)) {
                if (random.nextBoolean()) {
                    int from = sector * SECTOR_BYTES;
                    int length = Math.min(SECTOR_BYTES, seen.length - from);
                    System.arraycopy(seen, from, durable, from, length);
                }
            }
            seen = durable.clone();
            unforced.clear();
        }
    }

    private Map<String, Content> names = new TreeMap<>();
    /** What the directory may be after a crash: as it was when it was forced, and after each change since. */
    private final List<Map<String, Content>> possibleNames = new ArrayList<>(List.of(new TreeMap<>()));

    private long stepsLeft = Long.MAX_VALUE;
    private @Nullable RandomGenerator crashed;
    long forces;
    boolean forceFails;
    long usable = 1L << 40;

    private synchronized void step() throws IOException {
        if (stepsLeft-- <= 0) {
            throw new IOException("the power is off");
        }
    }

    /** Lets so many writes, forces and changes of names happen yet. */
    synchronized void powerOffAfter(long steps) {
        stepsLeft = steps;
    }

    /** What is found when the power is back. */
    synchronized MemoryDisk crash(RandomGenerator random) {
        if (crashed != null) {
            throw new IllegalStateException("it crashed already");
        }
        crashed = random;
        stepsLeft = 0;
        MemoryDisk next = new MemoryDisk();
        possibleNames.get(random.nextInt(possibleNames.size())).forEach((name, content) -> {
            content.crash(random);
            Content copy = next.new Content(content.seen.length);
            copy.seen = content.seen.clone();
            copy.durable = content.seen.clone();
            next.names.put(name, copy);
        });
        next.possibleNames.clear();
        next.possibleNames.add(new TreeMap<>(next.names));
        return next;
    }

    synchronized Content content(String name) {
        Content content = names.get(name);
        if (content == null) {
            throw new AssertionError("no file " + name);
        }
        return content;
    }

    private void changed() {
        possibleNames.add(new TreeMap<>(names));
    }

    @Override
    public synchronized List<String> list() {
        return List.copyOf(names.keySet());
    }

    @Override
    public synchronized File create(String name, long bytes) throws IOException {
        step();
        if (bytes > usable) {
            throw new IOException("No space left on device");
        }
        usable -= bytes;
        Content content = new Content((int) bytes);
        names.put(name, content);
        changed();
        return content;
    }

    @Override
    public File open(String name) {
        return content(name);
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        step();
        Content content = content(from);
        names.remove(from);
        names.put(to, content);
        changed();
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        step();
        Content content = names.remove(name);
        if (content != null) {
            usable += content.seen.length;
            changed();
        }
    }

    @Override
    public synchronized void force() throws IOException {
        step();
        possibleNames.clear();
        changed();
    }

    @Override
    public synchronized long usableBytes() {
        return usable;
    }

    /** The files of the log whose name says that they are part of it. */
    synchronized List<String> segments() {
        return names.keySet().stream()
                .filter(name -> name.startsWith(Scan.PREFIX) && name.length() == Scan.PREFIX.length() + 8)
                .toList();
    }

    /** Turns one bit over, durably. */
    synchronized void flip(String name, long bit) {
        Content content = content(name);
        content.seen[(int) (bit / 8)] ^= (byte) (1 << (bit % 8));
        content.durable = Arrays.copyOf(content.seen, content.seen.length);
    }
}
