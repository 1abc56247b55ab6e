package io.atlasdb.node.blob;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** Forces a folder for many at once: who comes while it is being forced shares the next time. */
final class FolderForce {
    private final ChunkDisk disk;
    private final Path folder;
    private final AtomicLong asked = new AtomicLong();
    /** What was asked for up to this number is durable. Guarded by this. */
    private long done;

    FolderForce(ChunkDisk disk, Path folder) {
        this.disk = disk;
        this.folder = folder;
    }

    /** Returns once every name that was given before is durable. */
    void run() throws IOException {
        long mine = asked.incrementAndGet();
        synchronized (this) {
            if (done < mine) {
                long upTo = asked.get();
                disk.force(folder);
                done = upTo;
            }
        }
    }
}
