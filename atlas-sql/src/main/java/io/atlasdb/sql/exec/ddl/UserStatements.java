package io.atlasdb.sql.exec.ddl;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.scram.ScramException;
import io.atlasdb.proto.scram.ScramSecret;
import io.atlasdb.sql.access.Identity;
import io.atlasdb.sql.access.PrincipalStore;
import io.atlasdb.sql.access.Principals;
import io.atlasdb.sql.access.User;
import io.atlasdb.sql.plan.ddl.Password;
import io.atlasdb.sql.plan.ddl.UserCommand;
import io.atlasdb.sql.tx.Transaction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Statements about users and roles. Admins run them, and everybody changes the own password; as long as there is no user,
 * anybody makes the first one, who becomes an admin. Of the users one at least stays an admin.
 */
final class UserStatements {
    private final PrincipalStore store;

    UserStatements(PrincipalStore store) {
        this.store = store;
    }

    void execute(UserCommand command, DdlContext context) {
        Principals principals = store.within(context.transaction());
        requireRight(command, context.identity(), principals);
        if (command instanceof UserCommand.CreateUser create) {
            create(create, context.transaction(), principals);
        } else if (command instanceof UserCommand.AlterUser alter) {
            alter(alter, context.transaction(), principals);
        } else if (command instanceof UserCommand.DropUser drop) {
            drop(drop, context.transaction(), principals);
        } else if (command instanceof UserCommand.CreateRole create) {
            createRole(create, context.transaction(), principals);
        } else if (command instanceof UserCommand.DropRole drop) {
            dropRole(drop, context.transaction(), principals);
        } else if (command instanceof UserCommand.ChangeRoles change) {
            changeRoles(change, context.transaction(), principals);
        }
    }

    private static void requireRight(UserCommand command, Identity identity, Principals principals) {
        boolean first = principals.users().isEmpty() && command instanceof UserCommand.CreateUser;
        boolean own = command instanceof UserCommand.AlterUser alter
                && !identity.name().isEmpty()
                && alter.name().equals(identity.name())
                && alter.change().admin() == null;
        if (!identity.admin() && !first && !own) {
            throw ErrorCode.DENIED.error(identity.name(), "only an admin changes users and roles");
        }
    }

    private void create(UserCommand.CreateUser command, Transaction transaction, Principals principals) {
        if (command.ifNotExists() && principals.users().containsKey(command.name())) {
            return;
        }
        requireNew(command.name(), principals);
        UserCommand.Change change = command.change();
        boolean first = principals.users().isEmpty();
        if (first && change.password() == null) {
            throw ErrorCode.INVALID_DEFINITION.error("the first user becomes an admin and needs a PASSWORD");
        }
        boolean admin = first || Boolean.TRUE.equals(change.admin());
        store.put(transaction, new User(command.name(), secret(change.password()), admin, Set.of()));
    }

    private void alter(UserCommand.AlterUser command, Transaction transaction, Principals principals) {
        User user = find(command.name(), command.ifExists(), principals);
        if (user == null) {
            return;
        }
        UserCommand.Change change = command.change();
        if (change.isEmpty()) {
            throw ErrorCode.SYNTAX.error("ALTER USER needs PASSWORD, ADMIN or NOADMIN");
        }
        boolean admin = Objects.requireNonNullElse(change.admin(), user.admin());
        if (!admin) {
            requireOtherAdmin(user, principals);
        }
        ScramSecret secret = change.password() == null ? user.secret() : secret(change.password());
        store.put(transaction, new User(user.name(), secret, admin, user.roles()));
    }

    private void drop(UserCommand.DropUser command, Transaction transaction, Principals principals) {
        User user = find(command.name(), command.ifExists(), principals);
        if (user != null) {
            if (principals.users().size() > 1) {
                requireOtherAdmin(user, principals);
            }
            store.remove(transaction, user.name());
        }
    }

    private void createRole(UserCommand.CreateRole command, Transaction transaction, Principals principals) {
        if (command.ifNotExists() && principals.roles().contains(command.name())) {
            return;
        }
        requireNew(command.name(), principals);
        store.putRole(transaction, command.name());
    }

    private void dropRole(UserCommand.DropRole command, Transaction transaction, Principals principals) {
        if (!principals.roles().contains(command.name())) {
            if (command.ifExists()) {
                return;
            }
            throw ErrorCode.NO_SUCH_PRINCIPAL.error("role", command.name());
        }
        for (User user : principals.users().values()) {
            if (user.roles().contains(command.name())) {
                Set<String> roles = new HashSet<>(user.roles());
                roles.remove(command.name());
                store.put(transaction, new User(user.name(), user.secret(), user.admin(), roles));
            }
        }
        store.remove(transaction, command.name());
    }

    private void changeRoles(UserCommand.ChangeRoles command, Transaction transaction, Principals principals) {
        for (String role : command.roles()) {
            if (!principals.roles().contains(role)) {
                throw ErrorCode.NO_SUCH_PRINCIPAL.error("role", role);
            }
        }
        List<User> users = new ArrayList<>();
        for (String name : command.users()) {
            users.add(Objects.requireNonNull(find(name, false, principals)));
        }
        for (User user : users) {
            Set<String> roles = new HashSet<>(user.roles());
            if (command.grants()) {
                roles.addAll(command.roles());
            } else {
                command.roles().forEach(roles::remove);
            }
            store.put(transaction, new User(user.name(), user.secret(), user.admin(), roles));
        }
    }

    private static @Nullable User find(String name, boolean mayMiss, Principals principals) {
        User user = principals.user(name);
        if (user == null && !mayMiss) {
            throw ErrorCode.NO_SUCH_PRINCIPAL.error("user", name);
        }
        return user;
    }

    private static void requireNew(String name, Principals principals) {
        PrincipalStore.requireName(name);
        if (principals.knows(name)) {
            throw ErrorCode.PRINCIPAL_EXISTS.error(name);
        }
    }

    private static void requireOtherAdmin(User leaving, Principals principals) {
        boolean other = principals.users().values().stream()
                .anyMatch(user -> user.admin() && !user.name().equals(leaving.name()));
        if (leaving.admin() && !other) {
            throw ErrorCode.INVALID_DEFINITION.error(
                    "user " + leaving.name() + " is the last admin; make another one before");
        }
    }

    private static @Nullable ScramSecret secret(@Nullable Password password) {
        if (password == null) {
            return null;
        }
        try {
            String text = password.text();
            return ScramSecret.isText(text) ? ScramSecret.parse(text) : ScramSecret.of(text);
        } catch (ScramException e) {
            throw ErrorCode.INVALID_PARAMETER.error("PASSWORD", "***", String.valueOf(e.getMessage()));
        }
    }
}
