package io.atlasdb.sql.plan.ddl;

/** A statement that has no rows and no update count. */
public sealed interface Command permits DdlCommand, Control {
    /** The statement in canonical form: every name quoted, one blank between words. Parsing it gives an equal command. */
    String sql();
}
