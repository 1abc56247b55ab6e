package io.atlasdb.sql.plan.ast;

import io.atlasdb.sql.catalog.Column.Identity;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.plan.ddl.ColumnDefinition;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** Collects what the text says of one column, and refuses contradictions. */
public final class ColumnBuilder {
    private final String name;
    private final SqlParserPos pos;
    private @Nullable SqlType type;
    private @Nullable Boolean nullable;
    private @Nullable String defaultSql;
    private Identity identity = Identity.NONE;

    public ColumnBuilder(String name, SqlParserPos pos) {
        this.name = name;
        this.pos = pos;
    }

    public String name() {
        return name;
    }

    /** The type, for all but intervals. */
    public void type(SqlDataTypeSpec spec) {
        type = TypeNames.of(spec);
    }

    /** An interval; without fields it is DAY TO SECOND. */
    public void interval(@Nullable SqlIntervalQualifier qualifier) {
        type = TypeNames.of(qualifier);
    }

    /** NOT NULL. */
    public void notNull() {
        nullable(false);
    }

    /** NULL. */
    public void nullable() {
        nullable(true);
    }

    private void nullable(boolean value) {
        if (nullable != null && nullable != value) {
            throw Nodes.syntax(pos, "column " + name + " is both NULL and NOT NULL");
        }
        nullable = value;
    }

    /** DEFAULT; {@code DEFAULT NULL} is the same as none. */
    public void defaultExpression(SqlNode node) {
        if (defaultSql != null) {
            throw Nodes.syntax(pos, "column " + name + " has two defaults");
        }
        if (node instanceof SqlLiteral literal && literal.getValue() == null && node.getKind() == SqlKind.LITERAL) {
            return;
        }
        defaultSql = Nodes.expression(node);
    }

    /** GENERATED … AS IDENTITY. */
    public void identity(Identity value) {
        if (identity != Identity.NONE) {
            throw Nodes.syntax(pos, "column " + name + " is an identity twice");
        }
        identity = value;
    }

    /** The column, when it is whole. */
    public ColumnDefinition build() {
        if (type == null) {
            throw Nodes.syntax(pos, "column " + name + " has no type");
        }
        if (identity != Identity.NONE && defaultSql != null) {
            throw Nodes.syntax(pos, "column " + name + " has both a default and an identity");
        }
        return new ColumnDefinition(
                name, type, Boolean.FALSE.equals(nullable) || identity != Identity.NONE, defaultSql, identity);
    }
}
