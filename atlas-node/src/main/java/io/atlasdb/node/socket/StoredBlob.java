package io.atlasdb.node.socket;

import io.atlasdb.sql.store.LargeValue;
import io.atlasdb.sql.store.LargeValues;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A value of a row on its way out, whether it stands in the row or outside of it. One thread at a time. */
final class StoredBlob implements KeySpace.Outgoing {
    private final long size;
    private final byte @Nullable [] inline;
    private final LargeValues.@Nullable Download download;
    private long sent;

    StoredBlob(byte[] inline) {
        this.inline = inline;
        this.download = null;
        this.size = inline.length;
    }

    StoredBlob(LargeValue value, LargeValues.Download download) {
        this.inline = null;
        this.download = download;
        this.size = value.size();
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public byte[] next() {
        byte[] piece = download != null
                ? download.chunk((int) (sent / LargeValue.CHUNK_BYTES))
                : piece(inline == null ? new byte[0] : inline);
        sent += piece.length;
        return piece;
    }

    /** A value that is small enough to be held, whole. */
    static byte[] whole(KeySpace.Outgoing blob) {
        if (blob instanceof StoredBlob stored && stored.inline != null) {
            return stored.inline;
        }
        byte[] whole = new byte[Math.toIntExact(blob.size())];
        for (int at = 0; at < whole.length; ) {
            byte[] piece = blob.next();
            System.arraycopy(piece, 0, whole, at, piece.length);
            at += piece.length;
        }
        return whole;
    }

    private byte[] piece(byte[] whole) {
        int to = (int) Math.min(whole.length, sent + LargeValue.CHUNK_BYTES);
        return sent == 0 && to == whole.length ? whole : Arrays.copyOfRange(whole, (int) sent, to);
    }

    @Override
    public void close() {
        if (download != null) {
            download.close();
        }
    }
}
