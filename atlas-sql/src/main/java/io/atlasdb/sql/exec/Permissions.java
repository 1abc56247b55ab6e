package io.atlasdb.sql.exec;

import io.atlasdb.sql.access.Rights;
import io.atlasdb.sql.access.TableAccess;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.plan.DeletePlan;
import io.atlasdb.sql.plan.ExplainPlan;
import io.atlasdb.sql.plan.InsertPlan;
import io.atlasdb.sql.plan.KeyDeletePlan;
import io.atlasdb.sql.plan.KeyUpdatePlan;
import io.atlasdb.sql.plan.Plan;
import io.atlasdb.sql.plan.QueryPlan;
import io.atlasdb.sql.plan.UpdatePlan;
import java.util.List;

/**
 * Refuses a statement that needs rights on a table as a whole which its principal has not. Tables of keys are not asked here: what
 * may not be read of them is as if it were not there, and what may not be written is refused row by row.
 */
final class Permissions {
    private Permissions() {}

    static void require(Plan plan, StatementContext statement) {
        if (plan instanceof ExplainPlan explain) {
            require(explain.plan(), statement);
        } else if (plan instanceof InsertPlan insert) {
            QueryPlan source = insert.source();
            read(source == null ? List.of() : source.tables(), statement);
            write(insert.table(), insert.upsert() ? Rights.INSERT | Rights.UPDATE : Rights.INSERT, statement);
        } else {
            // UPDATE and DELETE look for their rows.
            read(plan.tables(), statement);
            if (plan instanceof UpdatePlan update) {
                write(update.table(), Rights.UPDATE, statement);
            } else if (plan instanceof KeyUpdatePlan update) {
                write(update.table(), Rights.UPDATE, statement);
            } else if (plan instanceof DeletePlan delete) {
                write(delete.table(), Rights.DELETE, statement);
            } else if (plan instanceof KeyDeletePlan delete) {
                write(delete.table(), Rights.DELETE, statement);
            }
        }
    }

    private static void read(List<Table> tables, StatementContext statement) {
        for (Table table : tables) {
            TableAccess access = statement.readable(table);
            if (access != null && !TableAccess.isByRow(table)) {
                access.require(Rights.SELECT);
            }
        }
    }

    private static void write(Table table, int rights, StatementContext statement) {
        TableAccess access = statement.writable(table);
        if (access != null && !TableAccess.isByRow(table)) {
            access.require(rights);
        }
    }
}
