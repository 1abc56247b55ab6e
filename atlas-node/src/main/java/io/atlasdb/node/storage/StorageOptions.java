package io.atlasdb.node.storage;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the store uses the machine.
 *
 * @param cacheMiB memory for pages that were read, 1 MiB and up
 * @param unsavedBytesMax when the pages changed since the last checkpoint take more memory than this, they are written to
 *     the file early, without counting as durable; 1 MiB and up
 * @param retentionMs how long a page that is in use no more stays in the file before its space is used again, 1 ms and up;
 *     zero would let a reader's pages be overwritten
 * @param diskFreeBytesMin a checkpoint is refused when it would leave less than this on the disk
 * @param fatal called once when the file cannot be written or forced: what it then holds is unknown, and the process must end
 */
public record StorageOptions(
        int cacheMiB, long unsavedBytesMax, int retentionMs, long diskFreeBytesMin, Consumer<Throwable> fatal) {
    private static final Logger LOG = LoggerFactory.getLogger(StorageOptions.class);
    /** What the process answers with when it ends since the store failed; EX_IOERR of sysexits.h. */
    private static final int EXIT_STATUS = 74;

    public StorageOptions {
        require(cacheMiB >= 1, "cacheMiB", cacheMiB);
        require(unsavedBytesMax >= 1 << 20, "unsavedBytesMax", unsavedBytesMax);
        require(retentionMs >= 1, "retentionMs", retentionMs);
        require(diskFreeBytesMin >= 0, "diskFreeBytesMin", diskFreeBytesMin);
    }

    /** Measured to be good on a small machine; a failed force ends the process at once. */
    public static StorageOptions defaults() {
        return new StorageOptions(64, 64L << 20, 45_000, 64L << 20, StorageOptions::halt);
    }

    /** The same with another cache. */
    public StorageOptions withCacheMiB(int mebibytes) {
        return new StorageOptions(mebibytes, unsavedBytesMax, retentionMs, diskFreeBytesMin, fatal);
    }

    /** The same with another end. */
    public StorageOptions withFatal(Consumer<Throwable> end) {
        return new StorageOptions(cacheMiB, unsavedBytesMax, retentionMs, diskFreeBytesMin, end);
    }

    private static void halt(Throwable cause) {
        LOG.error("the store could not be written; the process ends", cause);
        Runtime.getRuntime().halt(EXIT_STATUS);
    }

    private static void require(boolean holds, String name, long value) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is out of range: " + value);
        }
    }
}
