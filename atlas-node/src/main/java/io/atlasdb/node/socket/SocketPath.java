package io.atlasdb.node.socket;

import io.atlasdb.proto.ErrorCode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** The file that clients connect to. */
final class SocketPath {
    /** A Unix address, bytes: {@code sun_path} of unix(7), its closing zero included. */
    private static final int PATH_BYTES_MAX = 108;

    private SocketPath() {}

    /**
     * Makes way for a socket: checks the path and removes the file that a dead process left.
     *
     * @throws io.atlasdb.proto.AtlasException {@code INVALID_PARAMETER} when the path is too long, taken by another kind of
     *     file, or somebody answers on it
     */
    static void prepare(Path path) throws IOException {
        int bytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes >= PATH_BYTES_MAX) {
            throw ErrorCode.INVALID_PARAMETER.error(
                    "socket",
                    path,
                    "the path has " + bytes + " bytes, a Unix socket allows " + (PATH_BYTES_MAX - 1)
                            + "; set socket to a shorter path");
        }
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw ErrorCode.INVALID_PARAMETER.error("socket", path, "a file that is no socket stands there");
        }
        if (answers(path)) {
            throw ErrorCode.INVALID_PARAMETER.error(
                    "socket", path, "another node listens there; stop it or set socket to another path");
        }
        Files.deleteIfExists(path);
    }

    private static boolean answers(Path path) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(path));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
