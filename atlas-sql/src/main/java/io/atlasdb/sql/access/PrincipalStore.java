package io.atlasdb.sql.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.scram.ScramException;
import io.atlasdb.proto.scram.ScramSecret;
import io.atlasdb.sql.catalog.KeyAccess;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.Limits;
import io.atlasdb.sql.store.RowIterator;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.Store;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where users and roles stand in the store, how they are read and changed.
 *
 * <pre>
 *   group 0:  16          8 bytes, grows with every change
 *             17 | name   a user: 1, whether an admin, the stored form of the password or an empty text, the roles
 *                         a role: 2
 * </pre>
 *
 * <p>Who acts is decided on group 0 as this node has it, as the catalog is: a change holds at once on the node that made it, on
 * others when they have applied it, which their next heartbeat of group 0 bounds. Safe for several threads.
 */
public final class PrincipalStore {
    private static final byte[] VERSION = {0x16};
    private static final byte SPACE = 0x17;
    private static final byte USER = 1;
    private static final byte ROLE = 2;
    private static final int ROLES_MAX = 1_000;
    /** Grantees that mean something else than a user. */
    private static final Set<String> RESERVED = Set.of("public", "(none)", "none", "nobody");

    private final Store store;
    private volatile Principals latest = Principals.NONE;

    /** Of that store. */
    public PrincipalStore(Store store) {
        this.store = store;
    }

    /** As this node knows them now. */
    public Principals now() {
        try (Snapshot snapshot = store.snapshot()) {
            return at(snapshot);
        }
    }

    /** As a snapshot knows them, see {@link Snapshot#schemas}. */
    public Principals at(Snapshot snapshot) {
        Snapshot schemas = snapshot.schemas();
        long version = number(schemas.get(Store.SYSTEM_GROUP, VERSION));
        Principals known = latest;
        if (known.version() == version) {
            return known;
        }
        Principals read = read(version, schemas.scan(all(), false));
        if (known.version() < version) {
            latest = read;
        }
        return read;
    }

    /** As a transaction knows them that is going to change them. */
    public Principals within(KeyAccess keys) {
        return read(number(keys.check(Store.SYSTEM_GROUP, VERSION)), keys.check(all()));
    }

    /** Adds or replaces a user. */
    public void put(KeyAccess keys, User user) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(USER);
            out.writeBoolean(user.admin());
            ScramSecret secret = user.secret();
            out.writeUTF(secret == null ? "" : secret.text());
            out.writeInt(user.roles().size());
            for (String role : user.roles().stream().sorted().toList()) {
                out.writeUTF(role);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        keys.put(Store.SYSTEM_GROUP, key(user.name()), bytes.toByteArray());
        bump(keys);
    }

    /** Adds a role. */
    public void putRole(KeyAccess keys, String name) {
        keys.put(Store.SYSTEM_GROUP, key(name), new byte[] {ROLE});
        bump(keys);
    }

    /** Removes a user or a role. */
    public void remove(KeyAccess keys, String name) {
        keys.delete(Store.SYSTEM_GROUP, key(name));
        bump(keys);
    }

    /**
     * Refuses what cannot be the name of a user or role.
     *
     * @throws io.atlasdb.proto.AtlasException {@code INVALID_DEFINITION}, {@code LIMIT}
     */
    public static void requireName(String name) {
        if (name.length() > Limits.NAME_CHARACTERS_MAX) {
            throw ErrorCode.LIMIT.error("the name of a principal", name.length(), Limits.NAME_CHARACTERS_MAX);
        }
        // HTTP's Basic scheme ends a name at the first colon.
        boolean wrong = name.isBlank()
                || name.indexOf(':') >= 0
                || name.chars().anyMatch(Character::isISOControl)
                || RESERVED.contains(name.toLowerCase(java.util.Locale.ROOT));
        if (wrong) {
            throw ErrorCode.INVALID_DEFINITION.error("\"" + name.replaceAll("\\p{Cntrl}", " ")
                    + "\" cannot be the name of a user or role: it is empty, reserved, or holds a colon or a"
                    + " control character");
        }
    }

    private static void bump(KeyAccess keys) {
        long version = number(keys.check(Store.SYSTEM_GROUP, VERSION));
        keys.put(
                Store.SYSTEM_GROUP,
                VERSION,
                ByteBuffer.allocate(Long.BYTES).putLong(version + 1).array());
    }

    private static KeyRange all() {
        return KeyRange.prefix(Store.SYSTEM_GROUP, new byte[] {SPACE});
    }

    private static byte[] key(String name) {
        byte[] utf8 = name.getBytes(UTF_8);
        return ByteBuffer.allocate(1 + utf8.length).put(SPACE).put(utf8).array();
    }

    private static Principals read(long version, RowIterator rows) {
        Map<String, User> users = new HashMap<>();
        Set<String> roles = new HashSet<>();
        try (rows) {
            while (rows.next()) {
                String name = new String(rows.key(), 1, rows.key().length - 1, UTF_8);
                User user = user(name, rows.value());
                if (user == null) {
                    roles.add(name);
                } else {
                    users.put(name, user);
                }
            }
        }
        return new Principals(version, users, roles);
    }

    /** Null for a role. */
    private static @Nullable User user(String name, byte[] value) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(value))) {
            int kind = in.readByte();
            if (kind == ROLE) {
                return null;
            }
            boolean admin = in.readBoolean();
            String secret = in.readUTF();
            int count = in.readInt();
            if (kind != USER || count < 0 || count > ROLES_MAX) {
                throw ErrorCode.CORRUPT.error("the user " + name + " of kind " + kind + " with " + count + " roles");
            }
            Set<String> roles = new HashSet<>();
            for (int i = 0; i < count; i++) {
                roles.add(in.readUTF());
            }
            return new User(name, secret.isEmpty() ? null : ScramSecret.parse(secret), admin, roles);
        } catch (IOException | ScramException e) {
            throw ErrorCode.CORRUPT.error("the user " + name);
        }
    }

    private static long number(byte @Nullable [] value) {
        return value == null ? 0 : ByteBuffer.wrap(value).getLong();
    }
}
