package io.atlasdb.sql.store;

/** An {@linkplain Store#impatient impatient} read cannot be answered now. Whoever asked asks again on a thread that may wait. */
public final class WouldWait extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** One without a stack, since nobody looks at it. */
    public WouldWait() {
        super("this read has to wait", null, false, false);
    }
}
