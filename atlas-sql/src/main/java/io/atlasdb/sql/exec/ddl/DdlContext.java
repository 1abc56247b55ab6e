package io.atlasdb.sql.exec.ddl;

import io.atlasdb.sql.access.AccessKeys;
import io.atlasdb.sql.access.Identity;
import io.atlasdb.sql.access.TableAccess;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.plan.ddl.QualifiedName;
import io.atlasdb.sql.tx.Transaction;

/**
 * What a statement runs in.
 *
 * @param identity who runs it
 * @param schema the schema of names that have none
 * @param explicit whether the user opened the transaction, so that its commit may be far away or never come
 */
public record DdlContext(
        Transaction transaction, Identity identity, String schema, boolean explicit, ExpressionCompiler expressions) {
    /** A number above that of any transaction whose writes this one sees: what new rights are told apart by. */
    long accessVersion() {
        return transaction.snapshot().timestamp() + 1;
    }

    /** Refuses a change of a table unless an owner of it makes it, or nobody owns it nor any row of it. */
    void requireOwner(Table table) {
        if (table.isProtected()) {
            TableAccess.read(table, identity, AccessKeys.of(transaction))
                    .requireChange("only an owner may change table " + table.qualifiedName());
        }
    }

    /** The schema that a name belongs to. */
    String schemaOf(QualifiedName name) {
        return name.schema() == null ? schema : name.schema();
    }
}
