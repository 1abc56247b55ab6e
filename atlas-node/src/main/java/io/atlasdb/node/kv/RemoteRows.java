package io.atlasdb.node.kv;

import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.RowIterator;
import java.util.Arrays;
import java.util.List;

/** Rows of a group that this node is no member of, page by page from its owner. */
final class RemoteRows implements RowIterator {
    private final KvStore store;
    private final long timestamp;
    private final boolean reverse;
    private KeyRange left;
    private List<byte[]> page = List.of();
    private int at = -2;
    private boolean ended;

    RemoteRows(KvStore store, KeyRange range, long timestamp, boolean reverse) {
        this.store = store;
        this.left = range;
        this.timestamp = timestamp;
        this.reverse = reverse;
    }

    @Override
    public boolean next() {
        at += 2;
        if (at >= page.size() && !ended) {
            fetch();
        }
        return at < page.size();
    }

    private void fetch() {
        page = Waits.await(store.ask(left.group(), new Request.Read(timestamp, left, reverse)), "group " + left.group())
                .rows();
        at = 0;
        if (page.isEmpty()) {
            ended = true;
            return;
        }
        byte[] last = page.get(page.size() - 2);
        left = reverse
                ? new KeyRange(left.group(), left.from(), last)
                : new KeyRange(left.group(), Arrays.copyOf(last, last.length + 1), left.to());
        ended = left.isEmpty();
    }

    @Override
    public byte[] key() {
        return page.get(at);
    }

    @Override
    public byte[] value() {
        return page.get(at + 1);
    }

    @Override
    public void close() {
        ended = true;
        page = List.of();
    }
}
