package io.atlasdb.sql.session;

import org.jspecify.annotations.Nullable;

/** Is told of statements that have run. Called on the thread that ran them: answers at once. Safe for any thread. */
public interface StatementListener {
    /** Of those who do not care. */
    StatementListener NONE = (statement, nanos, failure) -> {};

    /**
     * A statement that has run.
     *
     * @param from where its session came from; empty for this process
     */
    record Ran(String user, String from, Prepared statement) {
        /** Its text without what users wrote as values: strings, numbers and comments. */
        public String text() {
            return MaskedText.of(statement.sql());
        }

        /** What it is about, as far as that is known: tables, or the beginning of a statement that is no query or DML. */
        public String objects() {
            return ((LocalPrepared) statement).compiled().objects();
        }

        /** The steps of its plan; empty without one. */
        public String plan() {
            return ((LocalPrepared) statement).compiled() instanceof Compiled.OfPlan planned
                    ? planned.planned().plan().explain()
                    : "";
        }

        /** Whether it writes nothing. */
        public boolean readsOnly() {
            Compiled compiled = ((LocalPrepared) statement).compiled();
            return compiled instanceof Compiled.OfPlan plan ? plan.readsOnly() : compiled instanceof Compiled.OfControl;
        }

        /** Whether it changes users, roles or rights. */
        public boolean changesAccess() {
            return ((LocalPrepared) statement).compiled() instanceof Compiled.OfDdl ddl && ddl.changesAccess();
        }
    }

    /**
     * A statement has ended; a query counts as ended with its first rows at hand.
     *
     * @param nanos how long that took
     * @param failure why it failed; null when it did not
     */
    void ran(Ran statement, long nanos, @Nullable RuntimeException failure);
}
