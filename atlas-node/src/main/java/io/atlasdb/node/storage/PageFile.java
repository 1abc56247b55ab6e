package io.atlasdb.node.storage;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.SFChunk;
import org.h2.mvstore.SingleFileStore;
import org.jspecify.annotations.Nullable;

/**
 * The file of a store. It differs from MVStore's own in two ways.
 *
 * <p>It reads and writes through a {@link RandomAccessFile}: a thread that is interrupted while it reads from a FileChannel
 * closes the file for everybody. The channel of the superclass only holds the lock.
 *
 * <p>On the way to disk it adds the checksum of each page's head (see {@link PageType}).
 */
class PageFile extends SingleFileStore {
    /** Maps below this number are MVStore's own, layout and meta; their pages have no checksums. */
    static final int MAP_ID_FIRST = 2;

    private static final int BLOCK_BYTES = 4096;
    private static final String CHUNK_MARK = "chunk:";

    private final Object lock = new Object();
    private @Nullable RandomAccessFile file;

    PageFile(Map<String, Object> config) {
        super(config);
    }

    @Override
    public void open(String fileName, boolean readOnly, char @Nullable [] encryptionKey) {
        super.open(fileName, readOnly, encryptionKey);
        try {
            file = new RandomAccessFile(fileName, readOnly ? "r" : "rw");
        } catch (IOException e) {
            super.close();
            throw failed(DataUtils.ERROR_READING_FAILED, "cannot open", e);
        }
    }

    @Override
    public ByteBuffer readFully(@Nullable SFChunk chunk, long pos, int len) {
        return read(pos, len);
    }

    private ByteBuffer read(long pos, int len) {
        byte[] bytes = new byte[len];
        synchronized (lock) {
            try {
                RandomAccessFile f = file();
                f.seek(pos);
                f.readFully(bytes);
            } catch (IOException e) {
                throw failed(DataUtils.ERROR_READING_FAILED, "cannot read " + len + " bytes at " + pos, e);
            }
        }
        readCount.incrementAndGet();
        readBytes.addAndGet(len);
        return ByteBuffer.wrap(bytes);
    }

    @Override
    protected void writeFully(@Nullable SFChunk chunk, long pos, ByteBuffer source) {
        int length = source.remaining();
        setSize(Math.max(size(), pos + length));
        if (chunk != null) {
            sealPages(source);
        }
        try {
            write(pos, source.array(), source.arrayOffset() + source.position(), length);
        } catch (IOException e) {
            throw failed(DataUtils.ERROR_WRITING_FAILED, "cannot write " + length + " bytes at " + pos, e);
        }
        source.position(source.limit());
        writeCount.incrementAndGet();
        writeBytes.addAndGet(length);
    }

    @Override
    public void sync() {
        try {
            force();
        } catch (IOException e) {
            throw failed(DataUtils.ERROR_WRITING_FAILED, "cannot force", e);
        }
    }

    @Override
    public void truncate(long size) {
        synchronized (lock) {
            try {
                file().setLength(size);
            } catch (IOException e) {
                throw failed(DataUtils.ERROR_WRITING_FAILED, "cannot cut to " + size + " bytes", e);
            }
        }
        writeCount.incrementAndGet();
        setSize(Math.min(size(), size));
    }

    @Override
    public void close() {
        try {
            RandomAccessFile f = file;
            if (f != null) {
                f.close();
            }
        } catch (IOException e) {
            throw failed(DataUtils.ERROR_WRITING_FAILED, "cannot close", e);
        } finally {
            super.close();
        }
    }

    /** Writes to the file; a test makes it fail. */
    void write(long pos, byte[] bytes, int offset, int length) throws IOException {
        synchronized (lock) {
            RandomAccessFile f = file();
            f.seek(pos);
            f.write(bytes, offset, length);
        }
    }

    /** Forces the file; a test makes it fail. */
    void force() throws IOException {
        file().getFD().sync();
    }

    /** Whether the chunk was written after that version. */
    boolean isNewer(int chunkId, long version) {
        SFChunk chunk = getChunks().get(chunkId);
        return chunk == null || chunk.version > version;
    }

    /**
     * Erases the heads of chunks that stand in free space and are newer than the store is, so that no later opening takes
     * them up again. Needed after a rollback only: they belong to a future that was given up.
     */
    void eraseAbandonedChunks() {
        long present = getMvStore().getCurrentVersion();
        byte[] zeros = new byte[BLOCK_BYTES];
        for (long block = 2; (block + 1) * BLOCK_BYTES <= size(); block++) {
            if (!isUsed(block) && abandoned(block, present)) {
                writeFully(null, block * BLOCK_BYTES, ByteBuffer.wrap(zeros));
            }
        }
        sync();
    }

    private boolean isUsed(long block) {
        return getChunks().values().stream().anyMatch(c -> c.block <= block && block < c.block + c.len);
    }

    private boolean abandoned(long block, long present) {
        ByteBuffer head = read(block * BLOCK_BYTES, BLOCK_BYTES);
        Map<String, String> fields = chunkHead(head, 0);
        try {
            return fields != null && Long.parseLong(fields.getOrDefault("version", "0"), 16) > present;
        } catch (NumberFormatException e) {
            return true; // begins like a chunk, but is none
        }
    }

    /** The fields of a chunk's head, or null when none begins there. */
    private static @Nullable Map<String, String> chunkHead(ByteBuffer buffer, int from) {
        byte[] bytes = buffer.array();
        int start = buffer.arrayOffset() + from;
        int end = start;
        while (end < bytes.length && end - start < BLOCK_BYTES && bytes[end] != '\n') {
            end++;
        }
        String text = new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
        if (!text.startsWith(CHUNK_MARK)) {
            return null;
        }
        try {
            return DataUtils.parseMap(text.trim());
        } catch (MVStoreException e) {
            return null;
        }
    }

    /** Adds to each page of a chunk the checksum of its head. */
    private static void sealPages(ByteBuffer chunk) {
        int start = chunk.position();
        Map<String, String> head = chunkHead(chunk, start);
        if (head == null) {
            throw PageType.corrupt("a chunk is written that has no head");
        }
        int toc = Integer.parseInt(head.getOrDefault("toc", "0"), 16);
        int pages = Integer.parseInt(head.getOrDefault("pages", "0"), 16);
        for (int i = 0; i < pages; i++) {
            long page = chunk.getLong(start + toc + i * Long.BYTES);
            if (DataUtils.getPageMapId(page) >= MAP_ID_FIRST) {
                sealPage(chunk, start + DataUtils.getPageOffset(page), DataUtils.isLeafPosition(page));
            }
        }
    }

    /** A page: length (4), check (2), page number, map id, count (varints), type (1), children when inner, keys, values. */
    private static void sealPage(ByteBuffer chunk, int start, boolean leaf) {
        ByteBuffer page = chunk.duplicate();
        page.position(start + Integer.BYTES + Short.BYTES);
        DataUtils.readVarInt(page);
        DataUtils.readVarInt(page);
        int count = DataUtils.readVarInt(page);
        page.get();
        if (!leaf) {
            page.position(page.position() + (count + 1) * Long.BYTES);
            for (int i = 0; i <= count; i++) {
                DataUtils.readVarLong(page);
            }
        }
        int keys = page.position();
        chunk.putInt(keys + PageType.PREFIX_CRC_OFFSET, PageType.crc(chunk, start, keys - start));
    }

    private RandomAccessFile file() throws IOException {
        RandomAccessFile f = file;
        if (f == null) {
            throw new IOException("the file is not open");
        }
        return f;
    }

    private MVStoreException failed(int code, String what, IOException cause) {
        return DataUtils.newMVStoreException(code, "{0}: {1}: {2}", getFileName(), what, cause.getMessage(), cause);
    }
}
