package io.atlasdb.sql.access;

import java.util.Set;

/**
 * Who acts.
 *
 * @param name the principal as it was written, 1 to 256 characters; empty when nobody is logged in
 * @param grantees the names whose rights it has: its own and those of its roles; empty when nobody is logged in
 * @param admin whether it has every right
 */
public record Identity(String name, Set<String> grantees, boolean admin) {
    /** Nobody is logged in. */
    public static final Identity NOBODY = new Identity("", Set.of(), false);

    public Identity {
        grantees = Set.copyOf(grantees);
    }

    /** A principal without roles; {@link #NOBODY} when the name is empty. */
    public static Identity of(String name) {
        return name.isEmpty() ? NOBODY : new Identity(name, Set.of(name), false);
    }
}
