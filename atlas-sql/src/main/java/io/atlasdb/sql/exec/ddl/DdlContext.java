package io.atlasdb.sql.exec.ddl;

import io.atlasdb.sql.plan.ddl.QualifiedName;
import io.atlasdb.sql.tx.Transaction;

/**
 * What a statement runs in.
 *
 * @param schema the schema of names that have none
 * @param explicit whether the user opened the transaction, so that its commit may be far away or never come
 */
public record DdlContext(Transaction transaction, String schema, boolean explicit, ExpressionCompiler expressions) {
    /** The schema that a name belongs to. */
    String schemaOf(QualifiedName name) {
        return name.schema() == null ? schema : name.schema();
    }
}
