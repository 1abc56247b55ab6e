package io.atlasdb.sql.plan;

import io.atlasdb.sql.plan.ddl.Control;
import io.atlasdb.sql.plan.ddl.DdlCommand;
import org.apache.calcite.sql.SqlNode;

/** A statement as its text says, told apart by what is done with it. Nodes hold only syntax that Calcite's validator knows. */
public sealed interface Parsed {
    /**
     * Has rows.
     *
     * @param parameters number of {@code ?} in the text
     */
    record Query(SqlNode node, int parameters) implements Parsed {}

    /**
     * Has an update count. An INSERT may be one of DEFAULT VALUES (see {@code Nodes.isDefaultValues}), and DEFAULT may stand in
     * VALUES and behind SET.
     *
     * @param node an {@code SqlInsert}, {@code SqlUpdate} or {@code SqlDelete}
     */
    record Dml(SqlNode node, DmlKind kind, int parameters) implements Parsed {}

    /** Changes the schema. */
    record Ddl(DdlCommand command) implements Parsed {}

    /** Is about the session. */
    record ControlStatement(Control command) implements Parsed {}

    /** {@code EXPLAIN statement}: the statement, a {@link Query} or a {@link Dml}, is planned and not run. */
    record Explain(Parsed statement) implements Parsed {}

    /** What a DML statement does. */
    enum DmlKind {
        INSERT,
        /** INSERT, or UPDATE where the primary key exists already. */
        UPSERT,
        UPDATE,
        DELETE
    }
}
