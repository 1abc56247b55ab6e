package io.atlasdb.node.bench;

import io.atlasdb.proto.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;

/** H2 in server mode, with its shortest write delay. */
final class H2Peer implements Peer {
    private static final Pattern READY = Pattern.compile("tcp://[^\\s:]+:(\\d+)");
    private static final Duration START_TIMEOUT = Duration.ofMinutes(1);

    private final ChildProcess server;
    private final Driver driver;
    private final String url;

    private H2Peer(ChildProcess server, Driver driver, String url) {
        this.server = server;
        this.driver = driver;
        this.url = url;
    }

    /** Starts a server from the jar of H2 on a free port of the loopback interface. */
    static H2Peer start(PeerDrivers drivers, Path folder, int heapMb) throws IOException {
        Files.createDirectories(folder);
        Path jar = drivers.jar("h2-");
        List<String> command = List.of(
                NodeProcess.java(),
                "-Xmx" + heapMb + "m",
                "-Dh2.bindAddress=127.0.0.1",
                "-cp",
                jar.toString(),
                "org.h2.tools.Server",
                "-tcp",
                "-tcpPort",
                "0",
                "-ifNotExists",
                "-baseDir",
                folder.toString());
        ChildProcess server = ChildProcess.start(command, folder.resolve("h2.log"), READY, START_TIMEOUT);
        String url = "jdbc:h2:tcp://127.0.0.1:" + server.ready().group(1) + "/./bench;WRITE_DELAY=0";
        return new H2Peer(server, PeerDrivers.load(jar, "org.h2.Driver"), url);
    }

    @Override
    public String name() {
        return "H2";
    }

    @Override
    public String durability() {
        return "WRITE_DELAY=0: commits are written at once, not forced";
    }

    @Override
    public Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "sa");
        properties.setProperty("password", "");
        Connection connection = driver.connect(url, properties);
        if (connection == null) {
            throw ErrorCode.CANNOT_CONNECT.error(url, "the driver does not take this URL");
        }
        return connection;
    }

    @Override
    public void close() {
        server.close();
    }
}
