package io.atlasdb.sql.plan.types;

import java.lang.reflect.Type;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCollation;
import org.apache.calcite.sql.type.SqlTypeName;

/** Calcite's types with Unicode strings, JSON, and Atlas's precisions. One per statement that is planned. */
public final class AtlasTypeFactory extends JavaTypeFactoryImpl {
    public AtlasTypeFactory() {
        super(AtlasTypeSystem.INSTANCE);
    }

    /** JSON, not null. */
    public RelDataType json() {
        return canonize(new JsonType(getTypeSystem(), false));
    }

    @Override
    public RelDataType createTypeWithNullability(RelDataType type, boolean nullable) {
        if (type instanceof JsonType) {
            return canonize(new JsonType(getTypeSystem(), nullable));
        }
        return super.createTypeWithNullability(type, nullable);
    }

    @Override
    public RelDataType createTypeWithCharsetAndCollation(RelDataType type, Charset charset, SqlCollation collation) {
        return type instanceof JsonType ? type : super.createTypeWithCharsetAndCollation(type, charset, collation);
    }

    /** Calcite knows no class for UUID; without one, code that compares UUIDs does not compile. */
    @Override
    public Type getJavaClass(RelDataType type) {
        return type.getSqlTypeName() == SqlTypeName.UUID ? UUID.class : super.getJavaClass(type);
    }

    @Override
    public Charset getDefaultCharset() {
        return StandardCharsets.UTF_8;
    }
}
