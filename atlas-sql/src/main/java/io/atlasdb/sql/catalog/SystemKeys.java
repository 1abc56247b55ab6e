package io.atlasdb.sql.catalog;

import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.Store;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Those keys of the catalog in group 0 that whoever copies a cluster must know; {@link CatalogStore} draws all of them. */
public final class SystemKeys {
    private static final byte VERSION = 0x10;
    private static final byte NEXT_ID = 0x11;
    private static final byte PRINCIPALS = 0x16;
    private static final byte USERS = 0x17;
    private static final byte RESTORING = 0x1F;
    private static final byte NAMES_FROM = 0x12;
    private static final byte NAMES_TO = 0x15;

    private SystemKeys() {}

    /** The key of the catalog's version, 8 bytes. */
    public static byte[] version() {
        return new byte[] {VERSION};
    }

    /** The key of the next number for a table or a group, 8 bytes; there is none before the first was made. */
    public static byte[] nextId() {
        return new byte[] {NEXT_ID};
    }

    /** The key of the version of users and roles, 8 bytes; there is none before the first. */
    public static byte[] principals() {
        return new byte[] {PRINCIPALS};
    }

    /** Users and roles. */
    public static KeyRange users() {
        return KeyRange.prefix(Store.SYSTEM_GROUP, new byte[] {USERS});
    }

    /** The key that stands while a backup is being restored, and bars every change of the catalog. Its value is a text. */
    public static byte[] restoring() {
        return new byte[] {RESTORING};
    }

    /** The names of schemas, tables and groups. */
    public static KeyRange names() {
        return new KeyRange(Store.SYSTEM_GROUP, new byte[] {NAMES_FROM}, new byte[] {NAMES_TO});
    }

    /** The number that a value holds, or another when there is none. */
    public static long number(byte @Nullable [] value, long otherwise) {
        return value == null ? otherwise : ByteBuffer.wrap(value).getLong();
    }

    /** A number as a value. */
    public static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }
}
