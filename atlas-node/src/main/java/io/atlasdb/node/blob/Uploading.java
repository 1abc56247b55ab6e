package io.atlasdb.node.blob;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.LargeValue;
import io.atlasdb.sql.store.LargeValues;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value on its way into the folder. Its chunks have no names before {@link #finish}, so that nothing is left of one that is
 * given up. One thread at a time.
 */
final class Uploading implements LargeValues.Upload {
    private final ChunkStore store;
    private final long bytesMax;
    private final MessageDigest whole = ChunkName.sha256Digest();
    private final List<ChunkName> names = new ArrayList<>();
    /** What a chunk was written to; null for one that is here already. */
    private final List<@Nullable Path> files = new ArrayList<>();

    private long reserved;
    private long size;
    private boolean finished;
    private boolean closed;

    Uploading(ChunkStore store, long bytesMax) {
        this.store = store;
        this.bytesMax = bytesMax;
        store.reserve(bytesMax);
        reserved = bytesMax;
    }

    @Override
    public void add(byte[] bytes, int offset, int length) {
        if (finished || closed || size % LargeValue.CHUNK_BYTES != 0 || length > LargeValue.CHUNK_BYTES) {
            throw new IllegalStateException(length + " bytes after " + size + (finished || closed ? ", ended" : ""));
        }
        if (size + length > bytesMax) {
            throw ErrorCode.LIMIT.error("a value", size + length + " bytes", bytesMax);
        }
        whole.update(bytes, offset, length);
        ChunkName name = ChunkName.of(bytes, offset, length);
        store.pin(name); // before looking whether it is here
        names.add(name);
        files.add(null);
        if (!store.isThere(name)) {
            files.set(files.size() - 1, store.write(bytes, offset, length));
        }
        size += length;
    }

    @Override
    public LargeValue finish() {
        finished = true;
        ByteArrayOutputStream hashes = new ByteArrayOutputStream(names.size() * LargeValue.HASH_BYTES);
        for (int i = 0; i < names.size(); i++) {
            ChunkName name = names.get(i);
            hashes.writeBytes(name.sha256());
            Path file = files.get(i);
            if (file != null) {
                store.name(file, name);
                files.set(i, null);
            }
        }
        release();
        store.force(); // names, too, that another upload gave just now
        return new LargeValue(whole.digest(), size, hashes.toByteArray());
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (Path file : files) {
            if (file != null) {
                store.discard(file);
            }
        }
        names.forEach(store::unpin);
        release();
    }

    /** What is on the disk is no longer promised. */
    private void release() {
        store.release(reserved);
        reserved = 0;
    }
}
