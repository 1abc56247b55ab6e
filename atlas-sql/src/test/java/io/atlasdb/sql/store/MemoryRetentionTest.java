package io.atlasdb.sql.store;

/** The store in memory retains values as the contract has it. */
class MemoryRetentionTest extends RetentionContract {
    private final MemoryStore store = new MemoryStore();

    @Override
    protected Store store() {
        return store;
    }
}
