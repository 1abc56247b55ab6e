package io.atlasdb.node.server;

import io.atlasdb.sql.session.Session;
import io.atlasdb.sql.session.StatementContract;
import org.junit.jupiter.api.AfterAll;

/** The contract of sessions, on a real log and store. */
class NodeStatementTest extends StatementContract {
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
