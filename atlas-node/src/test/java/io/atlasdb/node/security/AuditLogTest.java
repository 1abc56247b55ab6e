package io.atlasdb.node.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.sql.remote.Login;
import io.atlasdb.sql.remote.Peer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuditLogTest {
    private final List<String> lines = new ArrayList<>();

    @Test
    void aLineIsAnObject() {
        AuditLog log = new AuditLog(AuditLog.Level.WRITES, lines::add);
        log.loggedIn(new Login("al\"ice\n", true, new Peer("10.0.0.1", true)));
        log.write(AuditLog.Level.WRITES, "", "socket", "KEY PUT", "USERS.ALICE", false, "DENIED");
        assertThat(lines.get(0))
                .matches("\\{\"time\":\"[-0-9T:.Z]+\",\"user\":\"al\\\\\"ice\\\\u000a\",\"from\":\"10.0.0.1\","
                        + "\"what\":\"login\",\"allowed\":true\\}");
        assertThat(lines.get(1))
                .endsWith("\"user\":\"\",\"from\":\"socket\",\"what\":\"KEY PUT\",\"objects\":\"USERS.ALICE\","
                        + "\"allowed\":false,\"reason\":\"DENIED\"}");
    }

    @Test
    void aLevelIncludesThoseBelow() {
        for (AuditLog.Level level : AuditLog.Level.values()) {
            lines.clear();
            AuditLog log = new AuditLog(level, lines::add);
            log.write(AuditLog.Level.DENIED, "a", "", "x", "", false, "");
            log.write(AuditLog.Level.WRITES, "a", "", "x", "", true, "");
            log.write(AuditLog.Level.ALL, "a", "", "x", "", true, "");
            assertThat(lines).hasSize(level.ordinal());
        }
    }
}
