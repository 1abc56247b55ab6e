package io.atlasdb.sql.plan.types;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.apache.calcite.rel.type.RelDataTypeSystem;
import org.apache.calcite.sql.SqlCollation;
import org.apache.calcite.sql.type.BasicSqlType;
import org.apache.calcite.sql.type.SqlTypeName;

/** JSON: a VARCHAR that keeps its name, so that a result column can tell it apart. */
final class JsonType extends BasicSqlType {
    private static final long serialVersionUID = 1L;

    JsonType(RelDataTypeSystem system, boolean nullable) {
        super(system, SqlTypeName.VARCHAR, nullable);
    }

    @Override
    public Charset getCharset() {
        return StandardCharsets.UTF_8;
    }

    @Override
    public SqlCollation getCollation() {
        return SqlCollation.IMPLICIT;
    }

    @Override
    protected void generateTypeString(StringBuilder text, boolean withDetail) {
        text.append("JSON");
    }
}
