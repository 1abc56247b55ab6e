package io.atlasdb.sql.session;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.access.Identity;
import io.atlasdb.sql.plan.RowCursor;

/**
 * Copies of the whole cluster: what {@code BACKUP CLUSTER} and {@code RESTORE CLUSTER ?} do. Both speak in chunks, whose form is
 * the affair of the node and of the command that asks. Safe for several threads.
 */
public interface ClusterCopies {
    /** Of a store that is no cluster. */
    ClusterCopies NONE = new ClusterCopies() {
        @Override
        public RowCursor backup(Identity identity, Runnable check) {
            throw ErrorCode.UNSUPPORTED.error("BACKUP of this store");
        }

        @Override
        public Restored restore(Identity identity, byte[] step, Runnable check) {
            throw ErrorCode.UNSUPPORTED.error("RESTORE into this store");
        }
    };

    /**
     * What a step of a restore did.
     *
     * @param rows that it wrote
     * @param complete whether it was the last, so that the tables are there now
     */
    record Restored(long rows, boolean complete) {}

    /**
     * Everything at one timestamp, not before now: rows of one column, each a chunk of some MiB. The rows are complete when, and
     * only when, the cursor ends by itself.
     *
     * @param identity who asks
     * @param check throws when the statement must stop
     * @throws io.atlasdb.proto.AtlasException {@code SNAPSHOT_TOO_OLD} from the cursor when it takes longer than history is kept
     */
    RowCursor backup(Identity identity, Runnable check);

    /**
     * One step of putting a copy into this cluster, which must be empty.
     *
     * @param identity who asks
     * @param step a chunk
     * @param check throws when the statement must stop
     * @return what the step did
     * @throws io.atlasdb.proto.AtlasException {@code CANNOT_RESTORE}, {@code BACKUP_DAMAGED}, and what a commit may fail with
     */
    Restored restore(Identity identity, byte[] step, Runnable check);
}
