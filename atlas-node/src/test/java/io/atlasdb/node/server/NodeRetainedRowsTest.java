package io.atlasdb.node.server;

import io.atlasdb.sql.session.RetainedRowsContract;
import io.atlasdb.sql.session.Session;
import org.junit.jupiter.api.AfterAll;

/** The contract of sessions, on a real log and store. */
class NodeRetainedRowsTest extends RetainedRowsContract {
    private static final TestNode NODE = TestNode.start();

    @Override
    protected Session open() {
        return NODE.node().open("TESTER");
    }

    @AfterAll
    static void close() {
        NODE.close();
    }
}
