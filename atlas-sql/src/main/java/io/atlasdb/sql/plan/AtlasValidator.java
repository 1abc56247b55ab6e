package io.atlasdb.sql.plan;

import java.util.Set;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.validate.SqlValidatorCatalogReader;
import org.apache.calcite.sql.validate.SqlValidatorImpl;

/** Calcite's validator; {@code *} leaves hidden columns out. */
final class AtlasValidator extends SqlValidatorImpl {
    private final Set<String> hidden;

    /** @param hidden names of hidden columns; no declared column has one of them */
    AtlasValidator(
            SqlOperatorTable operators,
            SqlValidatorCatalogReader reader,
            RelDataTypeFactory factory,
            Config config,
            Set<String> hidden) {
        super(operators, reader, factory, config);
        this.hidden = hidden;
    }

    @Override
    public boolean isSystemField(RelDataTypeField field) {
        return hidden.contains(field.getName());
    }
}
