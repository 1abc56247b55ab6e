package io.atlasdb.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a node with its defaults records: who was let in, refused and given rights, and no value. */
class AuditOnNodeTest {
    private final Logger audit = (Logger) LoggerFactory.getLogger("audit");
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> recorder = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
        }
    };

    @BeforeEach
    void listen() {
        recorder.start();
        audit.setLevel(Level.INFO);
        audit.addAppender(recorder);
    }

    @AfterEach
    void stop() {
        audit.detachAppender(recorder);
        audit.setLevel(null);
    }

    @Test
    void namesWhoWasRefusedAndWhoWasGivenRights() throws Exception {
        try (TestNode node = TestNode.start()) {
            try (SocketLines socket = SocketLines.open(node)) {
                socket.ask("PRINCIPAL ASSUME ann");
                socket.ask("KEY PUT vault.a gold-17");
                socket.ask("ACL GRANT vault.a ann PERMS OWNER");
                socket.ask("PRINCIPAL ASSUME bob");
                assertThat(socket.ask("KEY PUT vault.a lead-18").get(0)).startsWith("ERROR WARN permission denied");
            }
            try (Connection c = node.connect();
                    Statement s = c.createStatement()) {
                s.execute("CREATE USER carl PASSWORD 'tin-19-of-carl'");
            }
            assertThat(lines)
                    .anyMatch(line -> line.contains("\"what\":\"PRINCIPAL ASSUME\"") && line.contains("\"ann\""))
                    .anyMatch(line -> line.contains("\"user\":\"ann\"")
                            && line.contains("\"what\":\"ACL GRANT\"")
                            && line.contains("VAULT.A ann OWNER")
                            && line.contains("\"allowed\":true"))
                    .anyMatch(line -> line.contains("\"user\":\"bob\"")
                            && line.contains("\"from\":\"socket\"")
                            && line.contains("\"what\":\"KEY PUT\"")
                            && line.contains("\"allowed\":false")
                            && line.contains("DENIED"))
                    .anyMatch(line -> line.contains("\"what\":\"CREATE\"") && line.contains("\"allowed\":true"))
                    .noneMatch(line -> line.contains("gold-17") || line.contains("lead-18") || line.contains("tin-19"));
        }
    }
}
