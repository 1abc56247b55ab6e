package io.atlasdb.sql.tx;

/** Which reads are validated at commit. Constraint checks and written keys are, at every level. */
public enum Isolation {
    /**
     * Each statement reads a new snapshot until the first write or constraint check of the transaction; from then on as
     * {@link #REPEATABLE_READ}, which JDBC allows in its place.
     */
    READ_COMMITTED,
    /** One snapshot; what was only read is not validated. */
    REPEATABLE_READ,
    /** One snapshot; everything that was read is validated. */
    SERIALIZABLE
}
