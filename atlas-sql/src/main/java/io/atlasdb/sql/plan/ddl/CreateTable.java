package io.atlasdb.sql.plan.ddl;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code CREATE TABLE [IF NOT EXISTS] name (columns, constraints) [WITH (options)]}. At least one column. */
public record CreateTable(
        QualifiedName name,
        boolean ifNotExists,
        List<ColumnDefinition> columns,
        List<TableConstraint> constraints,
        PlacementOptions options)
        implements DdlCommand {
    public CreateTable {
        columns = List.copyOf(columns);
        constraints = List.copyOf(constraints);
    }

    @Override
    public String sql() {
        return "CREATE TABLE " + (ifNotExists ? "IF NOT EXISTS " : "") + name.sql() + " "
                + Stream.concat(
                                columns.stream().map(ColumnDefinition::sql),
                                constraints.stream().map(TableConstraint::sql))
                        .collect(Collectors.joining(", ", "(", ")"))
                + options.sql();
    }
}
