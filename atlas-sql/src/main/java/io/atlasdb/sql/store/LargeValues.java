package io.atlasdb.sql.store;

import io.atlasdb.proto.ErrorCode;

/**
 * Keeps values that are too large for their rows. Whoever writes such a value uploads it first and then commits a row that
 * refers to it; the upload stays open until the commit is answered, since that is what protects chunks that no row refers to.
 * Safe for several threads; an upload and a download belong to one thread at a time. All calls may wait for disk and network.
 */
public interface LargeValues {
    /** Values of at most so many bytes stand in their rows. */
    int INLINE_BYTES_MAX = 64 << 10;

    /** Of a store that keeps everything in rows. */
    LargeValues NONE = new LargeValues() {
        @Override
        public boolean areKept() {
            return false;
        }

        @Override
        public Upload upload(long bytes) {
            throw ErrorCode.UNSUPPORTED.error("a value outside of its row");
        }

        @Override
        public Download open(long group, LargeValue value) {
            throw ErrorCode.UNSUPPORTED.error("a value outside of its row");
        }
    };

    /** For threads that must not wait: reading and writing a value outside of its row takes the disk, and perhaps other nodes. */
    LargeValues LATER = new LargeValues() {
        @Override
        public Upload upload(long bytes) {
            throw new WouldWait();
        }

        @Override
        public Download open(long group, LargeValue value) {
            throw new WouldWait();
        }
    };

    /** Whether values can be kept outside of rows. */
    default boolean areKept() {
        return true;
    }

    /**
     * Begins to keep a value.
     *
     * @param bytes how many there will be at the most
     * @throws io.atlasdb.proto.AtlasException {@code DISK_FULL} when there is no room for them
     */
    Upload upload(long bytes);

    /**
     * Opens a value that a row of a group refers to; its chunks stay until it is closed.
     *
     * @throws io.atlasdb.proto.AtlasException {@code CORRUPT} when a chunk of it is nowhere to be had
     */
    Download open(long group, LargeValue value);

    /** A value on its way in. */
    interface Upload extends AutoCloseable {
        /**
         * Adds the next bytes: {@link LargeValue#CHUNK_BYTES} of them, fewer only at the end.
         *
         * @throws io.atlasdb.proto.AtlasException {@code DISK_FULL}
         */
        void add(byte[] bytes, int offset, int length);

        /** What refers to the value, all of which is durable at this node now. */
        LargeValue finish();

        /** Lets go of the chunks: those that no row refers to may be removed. */
        @Override
        void close();
    }

    /** A value on its way out. */
    interface Download extends AutoCloseable {
        /**
         * A chunk, checked against its name.
         *
         * @throws io.atlasdb.proto.AtlasException {@code CORRUPT} when it is nowhere to be had
         */
        byte[] chunk(int index);

        @Override
        void close();
    }
}
