package io.atlasdb.node.backup;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.LargeValue;
import io.atlasdb.sql.store.LargeValues;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts large values back, before the rows that refer to them. A value that is whole is held until rows of its group have been
 * written, since what no row refers to may be removed. Safe for several threads.
 */
final class LargeWriter {
    private final LargeValues values;
    private final Map<Long, List<LargeValues.Upload>> whole = new HashMap<>();
    private final Map<Long, Coming> coming = new HashMap<>();

    /** A value of which parts have come. */
    private record Coming(LargeValue value, LargeValues.Upload upload, int next) {}

    LargeWriter(LargeValues values) {
        this.values = values;
    }

    /**
     * Takes the next part of a value.
     *
     * @throws io.atlasdb.proto.AtlasException {@code BACKUP_DAMAGED} when it is not the next one, {@code DISK_FULL}
     */
    synchronized void add(long group, LargePiece piece) {
        Coming known = coming.remove(group);
        boolean goesOn = known != null && known.value().equals(piece.value()) && known.next() == piece.index();
        if (known != null && !goesOn) {
            known.upload().close();
        }
        if (!goesOn && piece.index() != 0) {
            throw ErrorCode.BACKUP_DAMAGED.error("a part of the large value " + piece.value() + " is missing");
        }
        LargeValues.Upload upload = known != null && goesOn
                ? known.upload()
                : values.upload(piece.value().size());
        boolean kept = false;
        try {
            upload.add(piece.bytes(), 0, piece.bytes().length);
            if (!piece.isLast()) {
                coming.put(group, new Coming(piece.value(), upload, piece.index() + 1));
            } else if (upload.finish().equals(piece.value())) {
                whole.computeIfAbsent(group, any -> new ArrayList<>()).add(upload);
            } else {
                throw ErrorCode.BACKUP_DAMAGED.error("the large value " + piece.value() + " is another one");
            }
            kept = true;
        } finally {
            if (!kept) {
                upload.close();
            }
        }
    }

    /** Rows that refer to the values which came are written. */
    synchronized void written(long group) {
        List<LargeValues.Upload> held = whole.remove(group);
        if (held != null) {
            held.forEach(LargeValues.Upload::close);
        }
    }

    /** Lets go of everything. */
    synchronized void close() {
        List.copyOf(whole.keySet()).forEach(this::written);
        coming.values().forEach(one -> one.upload().close());
        coming.clear();
    }
}
