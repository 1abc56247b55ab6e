package io.atlasdb.sql.plan;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.validate.SelectScope;
import org.apache.calcite.sql.validate.SqlValidatorCatalogReader;
import org.apache.calcite.sql.validate.SqlValidatorImpl;
import org.apache.calcite.util.Util;

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

    /** Called for what a star stands for, not for columns that are named. */
    @Override
    protected void addToSelectList(
            List<SqlNode> list,
            Set<String> aliases,
            List<Map.Entry<String, RelDataType>> fields,
            SqlNode expression,
            SelectScope scope,
            boolean includeSystemVars) {
        if (expression instanceof SqlIdentifier name && hidden.contains(Util.last(name.names))) {
            return;
        }
        super.addToSelectList(list, aliases, fields, expression, scope, includeSystemVars);
    }
}
