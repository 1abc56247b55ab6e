package io.atlasdb.sql.session;

import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.exec.Expressions;
import io.atlasdb.sql.plan.ExpressionCompiler;
import io.atlasdb.sql.plan.RowExpression;

/** DEFAULT and CHECK texts by the planner's compiler. */
final class PlannedExpressions implements Expressions {
    @Override
    public RowExpression defaultOf(Table table, Column column, String sql) {
        return ExpressionCompiler.compileDefault(column, sql).expression();
    }

    @Override
    public RowExpression checkOf(Table table, String sql) {
        return ExpressionCompiler.compileCheck(table, sql).expression();
    }
}
