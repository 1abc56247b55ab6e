package io.atlasdb.sql.plan.ddl;

import org.jspecify.annotations.Nullable;

/** A statement about the session: its transaction or its settings. */
public sealed interface Control extends Command {
    /** {@code BEGIN} or {@code START TRANSACTION}. */
    record Begin(TransactionModes modes) implements Control {
        @Override
        public String sql() {
            return ("START TRANSACTION " + modes.sql()).strip();
        }
    }

    /** {@code COMMIT}. */
    record Commit() implements Control {
        @Override
        public String sql() {
            return "COMMIT";
        }
    }

    /** {@code ROLLBACK}. */
    record Rollback() implements Control {
        @Override
        public String sql() {
            return "ROLLBACK";
        }
    }

    /** {@code ROLLBACK TO SAVEPOINT name}. */
    record RollbackTo(String savepoint) implements Control {
        @Override
        public String sql() {
            return "ROLLBACK TO SAVEPOINT " + QualifiedName.quote(savepoint);
        }
    }

    /** {@code SAVEPOINT name}. */
    record Savepoint(String name) implements Control {
        @Override
        public String sql() {
            return "SAVEPOINT " + QualifiedName.quote(name);
        }
    }

    /** {@code RELEASE SAVEPOINT name}. */
    record Release(String savepoint) implements Control {
        @Override
        public String sql() {
            return "RELEASE SAVEPOINT " + QualifiedName.quote(savepoint);
        }
    }

    /**
     * {@code SET TRANSACTION modes}, for the open or next transaction, or {@code SET SESSION CHARACTERISTICS AS TRANSACTION
     * modes}, for all that follow.
     */
    record SetTransaction(TransactionModes modes, boolean session) implements Control {
        @Override
        public String sql() {
            return (session ? "SET SESSION CHARACTERISTICS AS TRANSACTION " : "SET TRANSACTION ") + modes.sql();
        }
    }

    /**
     * {@code SET name = value}, {@code SET name TO value}, {@code SET SCHEMA value}, {@code USE schema}, {@code RESET name}.
     *
     * @param name upper case, parts joined by a dot; {@code SCHEMA} for the present schema; {@code ALL} with a null value
     *     resets everything
     * @param value text of a literal, or a name, folded to upper case unless quoted; null = back to the default
     */
    record Set(String name, @Nullable String value) implements Control {
        @Override
        public String sql() {
            return value == null ? "RESET " + name : "SET " + name + " = '" + value.replace("'", "''") + "'";
        }
    }

    /**
     * {@code SHOW name}, {@code SHOW ALL}, {@code SHOW TABLES [FROM schema]}, {@code SHOW COLUMNS FROM table}. It has rows.
     *
     * @param name upper case: a setting, or TABLES, SCHEMAS, COLUMNS, INDEXES, ALL, TRANSACTION_ISOLATION
     * @param of what FROM named, or null
     */
    record Show(String name, @Nullable QualifiedName of) implements Control {
        @Override
        public String sql() {
            return "SHOW " + name + (of == null ? "" : " FROM " + of.sql());
        }
    }
}
