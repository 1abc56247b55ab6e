package io.atlasdb.sql.session;

import io.atlasdb.sql.plan.Parameter;
import io.atlasdb.sql.plan.ResultColumn;
import java.util.List;

/**
 * A planned statement. It stays usable after schema changes: it is planned again when needed, and then describes its new
 * columns.
 */
public interface Prepared {
    String sql();

    Kind kind();

    /** The columns of the result; empty unless {@code kind} is {@link Kind#QUERY}. */
    List<ResultColumn> columns();

    List<Parameter> parameters();

    /** What a statement does, as clients tell them apart. */
    enum Kind {
        /** Has rows. */
        QUERY,
        /** INSERT, UPDATE, DELETE, UPSERT, MERGE: has an update count. */
        DML,
        /** CREATE, ALTER, DROP. */
        DDL,
        /** BEGIN, COMMIT, SET and the like. */
        CONTROL
    }
}
