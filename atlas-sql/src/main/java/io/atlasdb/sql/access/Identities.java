package io.atlasdb.sql.access;

import org.jspecify.annotations.Nullable;

/** Knows who a principal is. Safe for any number of threads. */
@FunctionalInterface
public interface Identities {
    /** Knows nothing of roles: everybody is whom the name says. */
    Identities BY_NAME = Identity::of;

    /** Who acts under a name. */
    Identity named(String principal);

    /** The same, and nobody when there is no name. */
    default Identity of(@Nullable String principal) {
        return principal == null || principal.isEmpty() ? Identity.NOBODY : named(principal);
    }
}
