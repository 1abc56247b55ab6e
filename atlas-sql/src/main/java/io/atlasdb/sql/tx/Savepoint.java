package io.atlasdb.sql.tx;

/** A place in a transaction to go back to. Belongs to the transaction that made it. */
public final class Savepoint {
    private final int notes;
    private final int drops;

    Savepoint(int notes, int drops) {
        this.notes = notes;
        this.drops = drops;
    }

    /** How many notes the write buffer had taken before it. */
    int notes() {
        return notes;
    }

    /** How many groups had been dropped before it. */
    int drops() {
        return drops;
    }
}
