package io.atlasdb.sql.plan.ddl;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The name of a table or index.
 *
 * @param schema null when the statement named none, so that the session's schema is meant
 */
public record QualifiedName(@Nullable String schema, String name) {
    /** As SQL writes it, quoted. */
    public String sql() {
        return schema == null ? quote(name) : quote(schema) + "." + quote(name);
    }

    /** {@code SCHEMA.NAME} for messages, not quoted. */
    @Override
    public String toString() {
        return schema == null ? name : schema + "." + name;
    }

    /** A name in double quotes; double quotes within are doubled. */
    public static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    static String quoteAll(List<String> names) {
        return names.stream().map(QualifiedName::quote).collect(Collectors.joining(", ", "(", ")"));
    }

    static String sqlOf(List<QualifiedName> names) {
        return names.stream().map(QualifiedName::sql).collect(Collectors.joining(", "));
    }
}
