package io.atlasdb.sql.plan.ddl;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A statement about users and roles. Names stand as they were written, not folded. The canonical form shows stars in place of a
 * password, so that it can be shown and logged.
 */
public sealed interface UserCommand extends DdlCommand {
    /**
     * What is said of a user.
     *
     * @param password null = nothing
     * @param admin null = nothing
     */
    record Change(@Nullable Password password, @Nullable Boolean admin) {
        /** Whether nothing is said. */
        public boolean isEmpty() {
            return password == null && admin == null;
        }

        String sql() {
            return (password == null ? "" : " PASSWORD '***'") + (admin == null ? "" : admin ? " ADMIN" : " NOADMIN");
        }
    }

    /** {@code CREATE USER [IF NOT EXISTS] name [PASSWORD 'x'] [ADMIN]}. */
    record CreateUser(String name, boolean ifNotExists, Change change) implements UserCommand {
        @Override
        public String sql() {
            return "CREATE USER " + (ifNotExists ? "IF NOT EXISTS " : "") + QualifiedName.quote(name) + change.sql();
        }
    }

    /** {@code ALTER USER [IF EXISTS] name [PASSWORD 'x'] [ADMIN | NOADMIN]}. */
    record AlterUser(String name, boolean ifExists, Change change) implements UserCommand {
        @Override
        public String sql() {
            return "ALTER USER " + (ifExists ? "IF EXISTS " : "") + QualifiedName.quote(name) + change.sql();
        }
    }

    /** {@code DROP USER [IF EXISTS] name}. */
    record DropUser(String name, boolean ifExists) implements UserCommand {
        @Override
        public String sql() {
            return "DROP USER " + (ifExists ? "IF EXISTS " : "") + QualifiedName.quote(name);
        }
    }

    /** {@code CREATE ROLE [IF NOT EXISTS] name}. */
    record CreateRole(String name, boolean ifNotExists) implements UserCommand {
        @Override
        public String sql() {
            return "CREATE ROLE " + (ifNotExists ? "IF NOT EXISTS " : "") + QualifiedName.quote(name);
        }
    }

    /** {@code DROP ROLE [IF EXISTS] name}. */
    record DropRole(String name, boolean ifExists) implements UserCommand {
        @Override
        public String sql() {
            return "DROP ROLE " + (ifExists ? "IF EXISTS " : "") + QualifiedName.quote(name);
        }
    }

    /** {@code GRANT roles TO users} and {@code REVOKE roles FROM users}. */
    record ChangeRoles(boolean grants, List<String> roles, List<String> users) implements UserCommand {
        public ChangeRoles {
            roles = List.copyOf(roles);
            users = List.copyOf(users);
        }

        @Override
        public String sql() {
            return (grants ? "GRANT " : "REVOKE ") + quoted(roles) + (grants ? " TO " : " FROM ") + quoted(users);
        }

        private static String quoted(List<String> names) {
            return names.stream().map(QualifiedName::quote).collect(Collectors.joining(", "));
        }
    }
}
