package io.atlasdb.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.session.Sql;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rights on three nodes: the same everywhere, and still the same after a join, a move of the owner, and a restart. */
class ClusterRightsTest {
    private static final String NAME = "USERS.ALICE";
    private static final int ROUNDS = 20;

    @TempDir
    Path folder;

    @Test
    @Timeout(280)
    void rightsHoldAtEveryNodeWhateverHappensToTheGroup() throws Exception {
        try (RunningCluster cluster = new RunningCluster(folder)) {
            cluster.start(1, "eu");
            cluster.start(2, "eu");
            cluster.awaitVoters(1, "1,2");
            assertThat(as(cluster, 1, null, "KEY PUT users.alice hi")).containsExactly("OK");
            assertThat(as(cluster, 1, null, "KEY PUT users.bob ho")).containsExactly("OK");
            assertThat(as(cluster, 2, "eve", "KEY GET users.alice")).containsExactly("VALUE:hi", "OK");

            grants(cluster, 2, null, "alice", "OWNER");
            grants(cluster, 1, "alice", "reader", "READ");
            grants(cluster, 2, "alice", "writer", "WRITE");
            rightsHold(cluster, 1, 2);

            cluster.start(3, "eu");
            cluster.awaitVoters(1, "1,2,3");
            rightsHold(cluster, 1, 2, 3);
            whatWasTakenIsGoneEverywhereAtOnce(cluster);

            try (Sql alice = new Sql(cluster.node(1).open("alice"));
                    Sql eve = new Sql(cluster.node(1).open("eve"))) {
                assertThat(eve.error("ALTER TABLE kv.users SET OWNER NODE 2")).isEqualTo(ErrorCode.DENIED);
                alice.run("ALTER TABLE kv.users SET OWNER NODE 2");
                RunningCluster.await(
                        "node 2 owns the table",
                        30,
                        () -> alice.number("SELECT owner FROM atlas.ownership WHERE table_name = 'USERS'") == 2);
            }
            rightsHold(cluster, 1, 2, 3);
            cluster.stop(2);
            rightsHold(cluster, 3, 1);
            cluster.restart(2);
            rightsHold(cluster, 2, 3, 1);

            assertThat(as(cluster, 3, "alice", "ACL REVOKE users.alice alice PERMS OWNER"))
                    .containsExactly("ACL revoked from alice for " + NAME + " with permissions OWNER", "OK");
            for (int node : List.of(1, 2, 3)) {
                assertThat(as(cluster, node, null, "KEY PUT users.alice open")).containsExactly("OK");
                assertThat(as(cluster, node, "eve", "KEY GET users.alice")).containsExactly("VALUE:open", "OK");
            }
        }
    }

    private static List<String> as(RunningCluster cluster, int node, @Nullable String principal, String command)
            throws Exception {
        try (SocketLines socket = SocketLines.open(cluster.node(node))) {
            if (principal != null) {
                assertThat(socket.ask("PRINCIPAL ASSUME " + principal)).containsExactly("OK");
            }
            return socket.ask(command);
        }
    }

    private static void grants(RunningCluster cluster, int node, @Nullable String by, String to, String permissions)
            throws Exception {
        assertThat(as(cluster, node, by, "ACL GRANT users.alice " + to + " PERMS " + permissions))
                .containsExactly("ACL granted to " + to + " for " + NAME + " with permissions " + permissions, "OK");
    }

    private static void rightsHold(RunningCluster cluster, int... nodes) throws Exception {
        for (int node : nodes) {
            String value = "at" + node;
            assertThat(as(cluster, node, "writer", "KEY PUT users.alice " + value))
                    .containsExactly("OK");
            assertThat(as(cluster, node, "writer", "KEY GET users.alice")).containsExactly("NOT_FOUND", "OK");
            for (String reader : List.of("alice", "reader")) {
                assertThat(as(cluster, node, reader, "KEY GET users.alice")).containsExactly("VALUE:" + value, "OK");
            }
            denied(cluster, node, "reader", "KEY PUT users.alice no");
            for (String stranger : new String[] {null, "eve"}) {
                assertThat(as(cluster, node, stranger, "KEY GET users.alice")).containsExactly("NOT_FOUND", "OK");
                assertThat(as(cluster, node, stranger, "COUNT users")).containsExactly("COUNT 1", "OK");
                denied(cluster, node, stranger, "KEY PUT users.alice no");
                denied(cluster, node, stranger, "KEY DEL users.alice");
                denied(cluster, node, stranger, "ACL GRANT users.alice eve PERMS READ");
                try (Sql session = new Sql(cluster.node(node).open(stranger == null ? "" : stranger))) {
                    assertThat(session.rows("SELECT key FROM kv.users")).containsExactly(List.of("BOB"));
                    session.run("SET consistency = stale '10s'");
                    assertThat(keys(session, "")).doesNotContain(List.of("ALICE"));
                    session.run("SET consistency = strong");
                    assertThat(keys(session, " AS OF SYSTEM TIME '-10s'")).doesNotContain(List.of("ALICE"));
                    assertThat(keys(session, " AS OF SYSTEM TIME '-1ms'")).isEqualTo(List.of(List.of("BOB")));
                    assertThat(session.run("DELETE FROM kv.users WHERE key = 'ALICE'"))
                            .isZero();
                    assertThat(session.error("DROP TABLE kv.users")).isEqualTo(ErrorCode.DENIED);
                }
            }
        }
    }

    /** What a read of the past sees, which may lie before the table was made. */
    private static List<List<@Nullable Object>> keys(Sql session, String when) {
        try {
            return session.rows("SELECT key FROM kv.users" + when);
        } catch (AtlasException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.NO_SUCH_TABLE);
            return List.of();
        }
    }

    private static void denied(RunningCluster cluster, int node, @Nullable String principal, String command)
            throws Exception {
        List<String> answer = as(cluster, node, principal, command);
        assertThat(answer).as(command).hasSize(1);
        assertThat(answer.get(0))
                .startsWith(
                        "ERROR WARN permission denied for principal '" + (principal == null ? "(none)" : principal));
    }

    /** What was acknowledged before a command was sent decides it, whichever nodes the two are sent to. */
    private static void whatWasTakenIsGoneEverywhereAtOnce(RunningCluster cluster) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            int changing = 1 + round % 3;
            int writing = 1 + (round / 3 + 1) % 3;
            assertThat(as(cluster, changing, "alice", "ACL REVOKE users.alice writer PERMS WRITE"))
                    .hasSize(2);
            denied(cluster, writing, "writer", "KEY PUT users.alice round" + round);
            grants(cluster, changing, "alice", "writer", "WRITE");
            assertThat(as(cluster, writing, "writer", "KEY PUT users.alice round" + round))
                    .containsExactly("OK");
        }
    }
}
