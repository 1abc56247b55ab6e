package io.atlasdb.node.bench;

import io.atlasdb.proto.ErrorCode;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Driver;
import java.util.List;
import java.util.stream.Stream;

/**
 * Loads JDBC drivers of other systems from a folder of jars, each behind a class loader of its own, so that none of them
 * stands on the class path of a node.
 */
final class PeerDrivers {
    /** The folder, as the launcher gives it. */
    static final String PROPERTY = "atlas.peers";

    private static final String DEFAULT_FOLDER = "atlas-node/target/peers";

    private final Path folder;

    PeerDrivers(Path folder) {
        this.folder = folder;
    }

    /** Where drivers are looked for unless another folder is named. */
    static String defaultFolder() {
        return System.getProperty(PROPERTY, DEFAULT_FOLDER);
    }

    /**
     * The newest jar whose name begins with the prefix and a digit.
     *
     * @throws io.atlasdb.proto.AtlasException when there is none, saying how to fetch it
     */
    Path jar(String prefix) {
        List<Path> found = List.of();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                found = files.filter(file -> file.getFileName().toString().matches(prefix + "\\d.*\\.jar"))
                        .sorted()
                        .toList();
            } catch (IOException e) {
                throw missing(prefix);
            }
        }
        if (found.isEmpty()) {
            throw missing(prefix);
        }
        return found.get(found.size() - 1);
    }

    /** An instance of a driver class out of a jar. */
    static Driver load(Path jar, String className) {
        try {
            // Never closed: the driver loads classes for as long as the benchmark runs.
            URLClassLoader loader =
                    new URLClassLoader(new URL[] {jar.toUri().toURL()}, PeerDrivers.class.getClassLoader());
            return (Driver) loader.loadClass(className).getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException | MalformedURLException e) {
            throw ErrorCode.INVALID_PARAMETER.error(e, "--drivers", jar, "it holds no usable " + className);
        }
    }

    private RuntimeException missing(String prefix) {
        return ErrorCode.INVALID_PARAMETER.error(
                "--drivers",
                folder.toAbsolutePath(),
                "no file " + prefix + "*.jar in it; fetch the drivers with"
                        + " mvn -Ppeers -pl atlas-node dependency:copy@peers");
    }
}
