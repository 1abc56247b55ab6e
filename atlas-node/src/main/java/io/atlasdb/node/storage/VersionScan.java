package io.atlasdb.node.storage;

import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.RowIterator;
import java.lang.ref.Cleaner;
import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.RootReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of a range at a timestamp: a walk over the current map as it was when the scan began; a key that changed since the
 * timestamp is looked up in the history. No key is missed, since a removed one stays in the current map as a tombstone until
 * no reader can ask for it. Memory is one path of pages in each of the two maps.
 */
final class VersionScan implements RowIterator {
    private static final Logger LOG = LoggerFactory.getLogger(VersionScan.class);
    private static final Cleaner CLEANER = Cleaner.create();

    private final StoreFile files;
    private final KeyRange range;
    private final long timestamp;
    private final boolean reverse;
    private final Cursor<GroupKey, Version> cursor;
    private final RootReference<VersionKey, Version> history;
    private final Usage usage;
    private final Cleaner.Cleanable cleanable;
    private byte @Nullable [] key;
    private byte @Nullable [] value;
    private boolean done;

    private VersionScan(StoreFile files, KeyRange range, long timestamp, boolean reverse, Usage usage) {
        this.files = files;
        this.range = range;
        this.timestamp = timestamp;
        this.reverse = reverse;
        // first the current map, then the history: what the one no longer holds is then in the other
        this.cursor = new Cursor<>(files.current().getRoot(), start(range, reverse), null, reverse);
        this.history = files.history().getRoot();
        this.usage = usage;
        this.cleanable = CLEANER.register(this, usage);
    }

    static VersionScan open(StoreFile files, KeyRange range, long timestamp, boolean reverse) {
        Usage usage = new Usage(files.store()); // before the roots are taken: it keeps their pages
        try {
            return new VersionScan(files, range, timestamp, reverse, usage);
        } catch (MVStoreException e) {
            usage.release();
            throw files.error(e);
        }
    }

    /** Where the walk begins; null for the very end of the map. */
    private static @Nullable GroupKey start(KeyRange range, boolean reverse) {
        if (!reverse) {
            return new GroupKey(range.group(), range.from());
        }
        if (range.to().length > 0) {
            return new GroupKey(range.group(), range.to());
        }
        return range.group() == Long.MAX_VALUE ? null : GroupKey.first(range.group() + 1);
    }

    /** The version of a key that was the newest at a timestamp, from the history; null when the key did not exist then. */
    static @Nullable Version older(RootReference<VersionKey, Version> history, long group, byte[] key, long timestamp) {
        Cursor<VersionKey, Version> cursor = new Cursor<>(history, new VersionKey(group, key, timestamp), null);
        return cursor.hasNext() && cursor.next().sameKey(group, key) ? cursor.getValue() : null;
    }

    @Override
    public boolean next() {
        if (usage.released()) {
            throw new IllegalStateException("the scan is closed");
        }
        try {
            while (!done && cursor.hasNext()) {
                GroupKey at = cursor.next();
                if (skipped(at)) {
                    continue;
                }
                if (beyond(at)) {
                    break;
                }
                Version version = cursor.getValue();
                if (version.version() > timestamp) {
                    version = older(history, at.group(), at.key(), timestamp);
                }
                if (version != null && version.value() != null) {
                    key = at.key();
                    value = version.value();
                    return true;
                }
            }
        } catch (MVStoreException e) {
            throw files.error(e);
        }
        done = true;
        key = null;
        value = null;
        return false;
    }

    /** A walk backwards begins at the end of the range, which does not belong to it. */
    private boolean skipped(GroupKey at) {
        return reverse
                && (at.group() != range.group()
                        ? at.group() > range.group()
                        : range.to().length > 0 && Arrays.compareUnsigned(at.key(), range.to()) >= 0);
    }

    private boolean beyond(GroupKey at) {
        if (at.group() != range.group()) {
            return true;
        }
        return reverse
                ? Arrays.compareUnsigned(at.key(), range.from()) < 0
                : range.to().length > 0 && Arrays.compareUnsigned(at.key(), range.to()) >= 0;
    }

    @Override
    public byte[] key() {
        byte[] present = key;
        if (present == null) {
            throw new NoSuchElementException("the scan is not at a row");
        }
        return present;
    }

    @Override
    public byte[] value() {
        byte[] present = value;
        if (present == null) {
            throw new NoSuchElementException("the scan is not at a row");
        }
        return present;
    }

    @Override
    public void close() {
        usage.release();
        cleanable.clean(); // finds it released and says nothing
    }

    /** The hold on the pages of a version; must not refer to the scan, which would then never be found leaked. */
    private static final class Usage implements Runnable {
        private final MVStore store;
        private final MVStore.TxCounter counter;
        private final AtomicBoolean released = new AtomicBoolean();

        Usage(MVStore store) {
            this.store = store;
            this.counter = store.registerVersionUsage();
        }

        boolean released() {
            return released.get();
        }

        boolean release() {
            boolean first = released.compareAndSet(false, true);
            if (first) {
                store.decrementVersionUsageCounter(counter);
            }
            return first;
        }

        @Override
        public void run() {
            if (release()) {
                LOG.warn("a scan was not closed; until now it kept version {} of the store", counter.version);
            }
        }
    }
}
