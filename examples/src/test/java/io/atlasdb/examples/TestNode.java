package io.atlasdb.examples;

import io.atlasdb.node.config.ConfigLoader;
import io.atlasdb.node.server.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** A node in this process, on a free port. {@link Extension} gives one node to all tests that want no node of their own. */
public final class TestNode implements AutoCloseable {
    private final Node node;

    private TestNode(Path directory) {
        node = Node.start(ConfigLoader.load(
                null, Map.of(), Map.of("db_path", directory.toString(), "client_listen", "127.0.0.1:0")));
    }

    /** A node of the caller's own, which the caller closes. */
    public static TestNode startIn(Path directory) {
        return new TestNode(directory);
    }

    /** The URL of a schema that exists. */
    public String url(String schema) {
        return "jdbc:atlas://127.0.0.1:" + node.clientPort() + "/" + schema;
    }

    /** The port of JDBC and HTTP. */
    public int port() {
        return node.clientPort();
    }

    /** The Unix socket. */
    public Path socket() {
        return node.socketPath();
    }

    @Override
    public void close() {
        node.close();
    }

    /** A node in a temporary folder; both go when the last test has ended. */
    private record Shared(Path directory, TestNode node) implements AutoCloseable {
        static Shared start() {
            try {
                Path directory = Files.createTempDirectory("atlas");
                return new Shared(directory, new TestNode(directory));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            node.close();
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Gives the shared node to test methods that have it as a parameter; it starts when it is first asked for. */
    public static final class Extension implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == TestNode.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(Namespace.create(TestNode.class))
                    .computeIfAbsent(Shared.class, type -> Shared.start(), Shared.class)
                    .node();
        }
    }
}
