package io.atlasdb.sql.plan.ddl;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A constraint of a table; one that was written behind a column is the same as one of that column alone. */
public sealed interface TableConstraint {
    /** What CONSTRAINT said, or null for a name of the system's making. */
    @Nullable
    String name();

    /** As SQL writes it. */
    String sql();

    private static String prefix(@Nullable String name) {
        return name == null ? "" : "CONSTRAINT " + QualifiedName.quote(name) + " ";
    }

    /** {@code PRIMARY KEY (columns)}, in the order of the key. */
    record PrimaryKey(@Nullable String name, List<String> columns) implements TableConstraint {
        public PrimaryKey {
            columns = List.copyOf(columns);
        }

        @Override
        public String sql() {
            return prefix(name) + "PRIMARY KEY " + QualifiedName.quoteAll(columns);
        }
    }

    /** {@code UNIQUE (columns)}. */
    record Unique(@Nullable String name, List<String> columns) implements TableConstraint {
        public Unique {
            columns = List.copyOf(columns);
        }

        @Override
        public String sql() {
            return prefix(name) + "UNIQUE " + QualifiedName.quoteAll(columns);
        }
    }

    /**
     * {@code CHECK (condition)}.
     *
     * @param condition SQL text, without the outer parentheses
     */
    record Check(@Nullable String name, String condition) implements TableConstraint {
        @Override
        public String sql() {
            return prefix(name) + "CHECK (" + condition + ")";
        }
    }
}
