package io.atlasdb.sql.session;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;

/** The contract on the store in memory. */
@NullMarked
class MemoryRetainedRowsTest extends RetainedRowsContract {
    private static final MemorySessions DATABASE = new MemorySessions();

    @Override
    protected Session open() {
        return DATABASE.open();
    }

    @AfterAll
    static void close() {
        DATABASE.close();
    }
}
