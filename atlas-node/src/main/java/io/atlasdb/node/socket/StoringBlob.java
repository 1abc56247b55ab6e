package io.atlasdb.node.socket;

import io.atlasdb.sql.store.LargeValue;
import io.atlasdb.sql.store.LargeValues;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A value on its way in: small ones are collected for the row, large ones go to where they are kept. One thread at a time. */
final class StoringBlob implements KeySpace.Incoming {
    private final Function<Object, CompletableFuture<?>> commit;
    private final int inlineBytes;
    private byte @Nullable [] inline;
    private final LargeValues.@Nullable Upload upload;
    private int length;
    private boolean committed;

    /**
     * A value of so many bytes.
     *
     * @param commit writes the row, given the bytes or a {@link LargeValue}
     */
    StoringBlob(LargeValues values, long bytes, Function<Object, CompletableFuture<?>> commit) {
        this.commit = commit;
        boolean outside = bytes > LargeValues.INLINE_BYTES_MAX && values.areKept();
        inlineBytes = outside ? 0 : Math.toIntExact(bytes);
        upload = outside ? values.upload(bytes) : null;
    }

    @Override
    public void add(byte[] bytes, int count) {
        if (upload != null) {
            upload.add(bytes, 0, count);
        } else {
            if (inline == null) {
                inline = new byte[inlineBytes];
            }
            System.arraycopy(bytes, 0, inline, length, count);
            length += count;
        }
    }

    /** Adds all bytes and commits. */
    CompletableFuture<?> whole(byte[] bytes) {
        if (upload == null) {
            return commit.apply(bytes); // without a copy
        }
        for (int at = 0; at < bytes.length; at += LargeValue.CHUNK_BYTES) {
            upload.add(bytes, at, Math.min(LargeValue.CHUNK_BYTES, bytes.length - at));
        }
        return commit();
    }

    @Override
    public CompletableFuture<?> commit() {
        committed = true;
        LargeValues.Upload pinned = upload;
        if (pinned == null) {
            return commit.apply(inline == null ? new byte[0] : inline);
        }
        try {
            return commit.apply(pinned.finish()).whenComplete((done, failure) -> pinned.close());
        } catch (RuntimeException e) {
            pinned.close();
            throw e;
        }
    }

    @Override
    public void close() {
        if (upload != null && !committed) {
            upload.close();
        }
    }
}
