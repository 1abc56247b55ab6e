package io.atlasdb.sql.access;

import io.atlasdb.proto.scram.ScramSecret;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who may log in.
 *
 * @param name as it was written
 * @param secret what is kept of the password; null when there is none, so that nobody logs in with one
 * @param admin whether the user has every right
 * @param roles whose rights the user has as well
 */
public record User(String name, @Nullable ScramSecret secret, boolean admin, Set<String> roles) {
    public User {
        roles = Set.copyOf(roles);
    }
}
