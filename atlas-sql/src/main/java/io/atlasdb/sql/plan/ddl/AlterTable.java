package io.atlasdb.sql.plan.ddl;

import java.util.List;

/** {@code ALTER TABLE [IF EXISTS] table action}. */
public record AlterTable(QualifiedName table, boolean ifExists, Action action) implements DdlCommand {
    @Override
    public String sql() {
        return "ALTER TABLE " + (ifExists ? "IF EXISTS " : "") + table.sql() + " " + action.sql();
    }

    /** One change. */
    public sealed interface Action {
        /** As SQL writes it. */
        String sql();
    }

    /** {@code ADD COLUMN [IF NOT EXISTS] column}, with the constraints that stood behind it. */
    public record AddColumn(ColumnDefinition column, boolean ifNotExists, List<TableConstraint> constraints)
            implements Action {
        public AddColumn {
            constraints = List.copyOf(constraints);
        }

        @Override
        public String sql() {
            StringBuilder sql = new StringBuilder("ADD COLUMN ")
                    .append(ifNotExists ? "IF NOT EXISTS " : "")
                    .append(column.sql());
            for (TableConstraint constraint : constraints) {
                sql.append(' ').append(behindColumn(constraint));
            }
            return sql.toString();
        }

        private static String behindColumn(TableConstraint constraint) {
            String sql = constraint.sql();
            return constraint instanceof TableConstraint.Check ? sql : sql.substring(0, sql.lastIndexOf(" (\""));
        }
    }

    /** {@code DROP COLUMN [IF EXISTS] name}. */
    public record DropColumn(String name, boolean ifExists) implements Action {
        @Override
        public String sql() {
            return "DROP COLUMN " + (ifExists ? "IF EXISTS " : "") + QualifiedName.quote(name);
        }
    }

    /** {@code RENAME COLUMN from TO to}. */
    public record RenameColumn(String from, String to) implements Action {
        @Override
        public String sql() {
            return "RENAME COLUMN " + QualifiedName.quote(from) + " TO " + QualifiedName.quote(to);
        }
    }

    /** {@code RENAME TO name}, within the table's schema. */
    public record RenameTable(String to) implements Action {
        @Override
        public String sql() {
            return "RENAME TO " + QualifiedName.quote(to);
        }
    }

    /** {@code SET OWNER …}. */
    public record SetOwner(OwnerWish wish) implements Action {
        @Override
        public String sql() {
            return wish.sql();
        }
    }

    /**
     * {@code SET (regions = …, fn = …, fz = …)}: where the group of the table may be; what is not named stays. Or {@code SET (retain
     * = …)}: for how long new rows are retained.
     */
    public record SetPlacement(PlacementOptions options) implements Action {
        @Override
        public String sql() {
            return "SET" + options.sql().replaceFirst(" WITH", "");
        }
    }
}
