package io.atlasdb.sql.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Limits;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who has which rights on one table or on one of its rows. Immutable.
 *
 * <p>A list with an owner restricts every right to those that it names. One without restricts those rights that it gives to
 * somebody and says nothing of the others. The empty list says nothing, and is stored as nothing.
 *
 * <p>Stored as 8 bytes of version, which guards look at, a format byte, then for each grantee 2 bytes of length, the name in
 * UTF-8, and a byte of {@link Rights}.
 */
public final class AccessList {
    /** Every principal, by this name; not a session without one. */
    public static final String PUBLIC = "PUBLIC";

    /** The list that says nothing. */
    public static final AccessList EMPTY = new AccessList(0, new TreeMap<>());
    /** Names in one list; more belong into a role. */
    public static final int GRANTEES_MAX = 1_000;

    private static final byte FORMAT = 1;

    private final long version;
    private final SortedMap<String, Integer> grants;
    private final int given;

    private AccessList(long version, SortedMap<String, Integer> grants) {
        this.version = version;
        this.grants = Collections.unmodifiableSortedMap(grants);
        int all = 0;
        for (int rights : grants.values()) {
            all |= rights;
        }
        given = all;
    }

    /** Tells this content from any other that stood or will stand at the same place; 0 for the empty list. */
    public long version() {
        return version;
    }

    /** The rights of each grantee, by name; none of them empty. */
    public SortedMap<String, Integer> grants() {
        return grants;
    }

    public boolean isEmpty() {
        return grants.isEmpty();
    }

    /** Whether somebody owns what it protects. */
    public boolean hasOwner() {
        return (given & Rights.OWNER) != 0;
    }

    /** Those of the rights that it says nothing of. */
    public int open(int rights) {
        return hasOwner() ? 0 : rights & ~given;
    }

    /** Whether it gives all these rights; ownership counts as all of them. */
    public boolean gives(Identity identity, int rights) {
        if (rights == 0) {
            return true;
        }
        int held = identity.name().isEmpty() ? 0 : grants.getOrDefault(PUBLIC, 0);
        for (String grantee : identity.grantees()) {
            held |= grants.getOrDefault(grantee, 0);
        }
        return (held & Rights.OWNER) != 0 || (held & rights) == rights;
    }

    /**
     * The list with more rights for a grantee.
     *
     * @throws io.atlasdb.proto.AtlasException {@code LIMIT} when it becomes too long
     */
    AccessList with(String grantee, int rights, long newVersion) {
        SortedMap<String, Integer> next = new TreeMap<>(grants);
        next.merge(grantee, rights, (a, b) -> a | b);
        if (next.size() > GRANTEES_MAX) {
            throw ErrorCode.LIMIT.error("the number of principals with rights", next.size(), GRANTEES_MAX);
        }
        return new AccessList(newVersion, next);
    }

    /** The list with fewer rights for a grantee; empty when the last owner goes, since it is public again then. */
    AccessList without(String grantee, int rights, long newVersion) {
        SortedMap<String, Integer> next = new TreeMap<>(grants);
        next.computeIfPresent(grantee, (name, held) -> (held & ~rights) == 0 ? null : (Integer) (held & ~rights));
        AccessList shorter = new AccessList(newVersion, next);
        return next.isEmpty() || (hasOwner() && !shorter.hasOwner()) ? EMPTY : shorter;
    }

    /** Whether it gives the same rights, whatever the versions. */
    boolean isSame(AccessList other) {
        return grants.equals(other.grants);
    }

    /** The same grants under another version. */
    AccessList at(long newVersion) {
        return isEmpty() ? EMPTY : new AccessList(newVersion, grants);
    }

    byte[] encode() {
        int length = Long.BYTES + 1;
        for (String grantee : grants.keySet()) {
            length += Short.BYTES + grantee.getBytes(UTF_8).length + 1;
        }
        ByteBuffer out = ByteBuffer.allocate(length).putLong(version).put(FORMAT);
        grants.forEach((grantee, rights) -> {
            byte[] name = grantee.getBytes(UTF_8);
            out.putShort((short) name.length).put(name).put(rights.byteValue());
        });
        return out.array();
    }

    /** Reads what {@link #encode} wrote; nothing is the empty list. {@code CORRUPT} when it is damaged. */
    public static AccessList decode(byte @Nullable [] stored) {
        if (stored == null) {
            return EMPTY;
        }
        try {
            ByteBuffer in = ByteBuffer.wrap(stored);
            long version = in.getLong();
            byte format = in.get();
            if (format != FORMAT) {
                throw ErrorCode.CORRUPT.error("rights in format " + format);
            }
            SortedMap<String, Integer> grants = new TreeMap<>();
            while (in.hasRemaining()) {
                byte[] name = new byte[in.getShort()];
                in.get(name);
                grants.put(new String(name, UTF_8), (int) in.get());
            }
            return new AccessList(version, grants);
        } catch (BufferUnderflowException | NegativeArraySizeException e) {
            throw ErrorCode.CORRUPT.error(e, "rights of " + stored.length + " bytes");
        }
    }

    /** Refuses what no principal is called. */
    static void requireName(String grantee) {
        int characters = grantee.codePointCount(0, grantee.length());
        if (characters == 0 || characters > Limits.NAME_CHARACTERS_MAX) {
            throw ErrorCode.INVALID_PARAMETER.error(
                    "principal", grantee, "a name has 1 to " + Limits.NAME_CHARACTERS_MAX + " characters");
        }
    }

    @Override
    public String toString() {
        return "AccessList" + grants + "@" + version;
    }
}
