package io.atlasdb.sql.access;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All users and roles at one moment; immutable.
 *
 * @param version grows with every change
 * @param users by name
 */
public record Principals(long version, Map<String, User> users, Set<String> roles) {
    /** Before the first user. */
    public static final Principals NONE = new Principals(0, Map.of(), Set.of());

    public Principals {
        users = Map.copyOf(users);
        roles = Set.copyOf(roles);
    }

    /** The user of that name, or null. */
    public @Nullable User user(String name) {
        return users.get(name);
    }

    /** Whether a user or a role has that name. */
    public boolean knows(String name) {
        return users.containsKey(name) || roles.contains(name);
    }

    /** Who a name stands for: a user with its roles, or a principal that is no user and has none. */
    public Identity identity(String name) {
        User user = users.get(name);
        if (user == null) {
            return Identity.of(name);
        }
        Set<String> grantees = new HashSet<>(user.roles());
        grantees.add(name);
        return new Identity(name, grantees, user.admin());
    }
}
