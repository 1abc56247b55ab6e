package io.atlasdb.node.cli;

import io.atlasdb.proto.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * {@code KEY BLOB} in the shell, whose lines cannot hold any bytes: {@code KEY BLOB SET k @file} sends a file, {@code KEY BLOB GET k
 * @file} makes one, {@code KEY BLOB GET k} shows the bytes.
 */
final class ShellBlobs {
    private ShellBlobs() {}

    /** Whether a line is to be sent by {@link #ask}. */
    static boolean isBlob(String line) {
        String[] words = line.strip().split("\\s+", -1);
        return words.length >= 4
                && words[0].equalsIgnoreCase("KEY")
                && words[1].equalsIgnoreCase("BLOB")
                && (words[2].equalsIgnoreCase("GET") || hasBytes(words));
    }

    /** A SET with a file, or with a length that the node would wait for. */
    private static boolean hasBytes(String[] words) {
        return words.length == 5
                && words[2].equalsIgnoreCase("SET")
                && (words[4].startsWith("@") || words[4].matches("\\d{1,8}"));
    }

    /**
     * Sends a line, and bytes that belong to it.
     *
     * @param shown takes the bytes of a value that go to no file
     * @throws io.atlasdb.proto.AtlasException {@code INVALID_PARAMETER}, {@code CONNECTION_LOST}
     */
    static SocketSession.Reply ask(SocketSession session, String line, PrintStream shown) {
        String[] words = line.strip().split("\\s+", -1);
        String last = words[words.length - 1];
        boolean toFile = words.length == 5 && last.startsWith("@");
        if (words[2].toUpperCase(Locale.ROOT).equals("GET")) {
            return toFile
                    ? get(session, "KEY BLOB GET " + words[3], Path.of(last.substring(1)))
                    : show(session, line, shown);
        }
        if (!toFile) {
            throw ErrorCode.INVALID_PARAMETER.error(
                    "KEY BLOB SET",
                    last,
                    "in the shell the value comes from a file: KEY BLOB SET " + words[3] + " @file");
        }
        Path file = Path.of(last.substring(1));
        try (InputStream in = Files.newInputStream(file)) {
            return session.ask("KEY BLOB SET " + words[3] + " " + Files.size(file), in, head -> shown);
        } catch (IOException e) {
            throw ErrorCode.INVALID_PARAMETER.error(e, "KEY BLOB SET", file, "it cannot be read: " + e.getMessage());
        }
    }

    private static SocketSession.Reply get(SocketSession session, String line, Path file) {
        try (OutputStream out = Files.newOutputStream(file)) {
            return session.ask(line, InputStream.nullInputStream(), head -> out);
        } catch (IOException e) {
            throw ErrorCode.INVALID_PARAMETER.error(e, "KEY BLOB GET", file, "it cannot be written: " + e.getMessage());
        }
    }

    private static SocketSession.Reply show(SocketSession session, String line, PrintStream shown) {
        boolean[] any = {false};
        SocketSession.Reply reply = session.ask(line, InputStream.nullInputStream(), head -> {
            shown.println(head);
            any[0] = true;
            return shown;
        });
        if (any[0]) {
            shown.println(); // the answer's end stands on its own line
        }
        return reply;
    }
}
