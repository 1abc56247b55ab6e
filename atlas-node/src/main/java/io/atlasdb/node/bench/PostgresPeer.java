package io.atlasdb.node.bench;

import io.atlasdb.proto.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * PostgreSQL from the binaries that are installed: a cluster of its own in a folder of its own, fsync and synchronous commit
 * on, everything else as the distribution ships it. Since it refuses to run as root, root starts it as user postgres.
 */
final class PostgresPeer implements Peer {
    private static final Path DEBIAN_HOME = Path.of("/usr/lib/postgresql");
    private static final Pattern READY = Pattern.compile("database system is ready to accept connections");
    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final String ACCOUNT = "postgres";

    private final ChildProcess server;
    private final Driver driver;
    private final String url;

    private PostgresPeer(ChildProcess server, Driver driver, String url) {
        this.server = server;
        this.driver = driver;
        this.url = url;
    }

    /** The folder with initdb and postgres, of the newest version, if PostgreSQL is installed. */
    static Optional<Path> binaries() {
        List<Path> folders = new ArrayList<>();
        if (Files.isDirectory(DEBIAN_HOME)) {
            try (Stream<Path> versions = Files.list(DEBIAN_HOME)) {
                versions.sorted(Comparator.comparingInt(PostgresPeer::version).reversed())
                        .map(version -> version.resolve("bin"))
                        .forEach(folders::add);
            } catch (IOException e) {
                return Optional.empty();
            }
        }
        for (String folder :
                Optional.ofNullable(System.getenv("PATH")).orElse("").split(":", -1)) {
            folders.add(Path.of(folder));
        }
        return folders.stream()
                .filter(folder ->
                        Files.isExecutable(folder.resolve("initdb")) && Files.isExecutable(folder.resolve("postgres")))
                .findFirst();
    }

    /** Makes a cluster in the folder and starts it on a free port of the loopback interface. */
    static PostgresPeer start(PeerDrivers drivers, Path binaries, Path folder) throws IOException {
        Files.createDirectories(folder);
        List<String> account = account(folder);
        Path data = folder.resolve("data");
        List<String> initdb = new ArrayList<>(account);
        initdb.addAll(List.of(binaries.resolve("initdb").toString(), "-D", data.toString(), "-U", ACCOUNT));
        initdb.addAll(List.of("--auth=trust", "--encoding=UTF8", "--locale=C"));
        run(initdb, folder);
        int port = freePort();
        List<String> postgres = new ArrayList<>(account);
        postgres.addAll(List.of(binaries.resolve("postgres").toString(), "-D", data.toString()));
        for (String setting : List.of(
                "listen_addresses=127.0.0.1",
                "port=" + port,
                "unix_socket_directories=" + folder,
                "fsync=on",
                "synchronous_commit=on",
                "full_page_writes=on")) {
            postgres.addAll(List.of("-c", setting));
        }
        ChildProcess server = ChildProcess.start(postgres, folder.resolve("postgres.log"), READY, TIMEOUT);
        Driver driver = PeerDrivers.load(drivers.jar("postgresql-"), "org.postgresql.Driver");
        return new PostgresPeer(server, driver, "jdbc:postgresql://127.0.0.1:" + port + "/postgres");
    }

    @Override
    public String name() {
        return "PostgreSQL";
    }

    @Override
    public String durability() {
        return "fsync=on, synchronous_commit=on: every commit is forced before it is answered";
    }

    @Override
    public Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", ACCOUNT);
        Connection connection = driver.connect(url, properties);
        if (connection == null) {
            throw ErrorCode.CANNOT_CONNECT.error(url, "the driver does not take this URL");
        }
        return connection;
    }

    @Override
    public String afterLoad() {
        return "VACUUM ANALYZE " + SqlWorkload.TABLE;
    }

    @Override
    public void close() {
        server.close();
    }

    /** What stands before a command so that it does not run as root: nothing, unless this process does. */
    private static List<String> account(Path folder) throws IOException {
        Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid", LinkOption.NOFOLLOW_LINKS);
        if (!Integer.valueOf(0).equals(user)) {
            return List.of();
        }
        // A temporary folder is closed to others; they may pass, not look.
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwx--x--x"));
        }
        Files.setOwner(
                folder, folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(ACCOUNT));
        return List.of("setpriv", "--reuid=" + ACCOUNT, "--regid=" + ACCOUNT, "--clear-groups");
    }

    private static void run(List<String> command, Path folder) throws IOException {
        Path log = folder.resolve("initdb.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        throw ErrorCode.CANNOT_CONNECT.error("PostgreSQL", "initdb failed; its output is in " + log);
    }

    /** A port that is free now; another process may take it before the server does, which then fails to start. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static int version(Path folder) {
        String digits = folder.getFileName().toString().replaceAll("\\D", "");
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }
}
