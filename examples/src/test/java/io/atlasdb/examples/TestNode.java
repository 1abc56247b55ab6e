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

/** One node for all tests of this module, on a free port and in a temporary folder; it starts when it is first asked for. */
public final class TestNode implements AutoCloseable {
    private final Path directory;
    private final Node node;

    private TestNode() {
        try {
            directory = Files.createTempDirectory("atlas");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        node = Node.start(ConfigLoader.load(
                null, Map.of(), Map.of("db_path", directory.toString(), "client_listen", "127.0.0.1:0")));
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
    public void close() throws IOException {
        node.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Gives the node to test methods that have it as a parameter; it is closed after the last test. */
    public static final class Extension implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == TestNode.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(Namespace.create(TestNode.class))
                    .computeIfAbsent(TestNode.class, type -> new TestNode(), TestNode.class);
        }
    }
}
