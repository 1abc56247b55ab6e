package io.atlasdb.node.backup;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** The steps that put a backup into a cluster, for whoever carries them there. */
public final class RestoreSteps {
    private final BackupFolder folder;
    private final boolean adapt;

    /** {@code adapt}: whether placements that the cluster cannot give are let go of. */
    public RestoreSteps(BackupFolder folder, boolean adapt) {
        this.folder = folder;
        this.adapt = adapt;
    }

    /** Gives all steps in their order to {@code carrier}, which returns when one is done. */
    public void run(BackupFolder.ChunkSink carrier, BackupFolder.Progress progress) throws IOException {
        byte[] manifest = folder.manifest().encode();
        byte[] begin = new byte[1 + manifest.length];
        begin[0] = (byte) (adapt ? 1 : 0);
        System.arraycopy(manifest, 0, begin, 1, manifest.length);
        carrier.chunk(new Chunk(Chunk.Kind.BEGIN, 0, 0, begin).encode());
        SystemRows system = new SystemRows();
        folder.forEach(
                chunk -> {
                    Chunk rows = Chunk.decode(chunk);
                    if (rows.group() == Store.SYSTEM_GROUP && rows.kind() == Chunk.Kind.ROWS) {
                        system.add(rows);
                    } else {
                        carrier.chunk(chunk);
                    }
                },
                progress);
        carrier.chunk(system.finish());
    }

    /** The rows of group 0, which go last and together. */
    private static final class SystemRows {
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private int rows;

        void add(Chunk chunk) {
            content.writeBytes(chunk.content());
            rows += chunk.rows();
            if (content.size() > Chunk.CONTENT_BYTES_MAX) {
                throw ErrorCode.LIMIT.error(
                        "group 0 of the backup", content.size() + " bytes", Chunk.CONTENT_BYTES_MAX);
            }
        }

        byte[] finish() {
            return new Chunk(Chunk.Kind.FINISH, Store.SYSTEM_GROUP, rows, content.toByteArray()).encode();
        }
    }
}
