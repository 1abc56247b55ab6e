package io.atlasdb.node.backup;

import io.atlasdb.proto.ErrorCode;
import java.util.HexFormat;

/**
 * Which keys of group 0 belong to what its users made, and which to the cluster itself. A key of neither is an error: whoever
 * adds a key space must say here whether a backup holds it.
 */
final class KeySpaces {
    /** What becomes of a key. */
    enum Fate {
        COPIED,
        /** Its value is worked out anew in the cluster that the backup is restored into. */
        COUNTED,
        LEFT
    }

    private KeySpaces() {}

    /**
     * The fate of a key of group 0.
     *
     * @throws io.atlasdb.proto.AtlasException {@code INTERNAL} for a key that nobody thought of
     */
    static Fate ofSystem(byte[] key) {
        int space = key.length == 0 ? -1 : key[0] & 0xFF;
        return switch (space) {
            // Tables that stand in group 0: descriptor, sequences, rows, name of the group, rights.
            case 0x01, 0x02, 0x03, 0x04, 0x05 -> Fate.COPIED;
            // The catalog's version and the next number; the version of users and roles.
            case 0x10, 0x11, 0x16 -> Fate.COUNTED;
            // Names of schemas, tables and groups; placements; users and roles; rights that tables of a schema begin
            // with.
            case 0x12, 0x13, 0x14, 0x15, 0x17, 0x18 -> Fate.COPIED;
            // The mark of a restore.
            case 0x1F -> Fate.LEFT;
            // First members of groups, nodes, zones, the name of the cluster.
            case 0x20, 0x21, 0x22, 0x23 -> Fate.LEFT;
            default ->
                throw ErrorCode.INTERNAL.error("a key of group 0 that backups do not know, "
                        + HexFormat.of().formatHex(key, 0, Math.min(key.length, 16)));
        };
    }
}
