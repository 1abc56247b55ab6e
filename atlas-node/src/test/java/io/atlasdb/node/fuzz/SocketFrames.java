package io.atlasdb.node.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/**
 * Frames for the socket: sound ones, damaged ones and noise. New tables are a matter of the catalog, not of the protocol, so that
 * names of tables are left alone in what writes.
 */
final class SocketFrames {
    private static final int TABLES = 8;
    private static final int ROWS = 500;

    private final RandomGenerator random;

    SocketFrames(RandomGenerator random) {
        this.random = random;
    }

    /** One frame with its line end, and the bytes of a blob behind it where it has one. */
    byte[] next() {
        int kind = random.nextInt(10);
        if (kind == 0) {
            return noise();
        }
        byte[] command = random.nextInt(8) == 0 ? write() : read();
        return command;
    }

    private byte[] noise() {
        byte[] bytes = new byte[random.nextInt(60)];
        random.nextBytes(bytes);
        return line("", bytes);
    }

    private byte[] write() {
        String tag = tag();
        String key = "F" + random.nextInt(TABLES) + ".r" + random.nextInt(ROWS);
        if (random.nextInt(12) == 0) {
            return blob(tag, key);
        }
        String verb = random.nextInt(4) == 0 ? "KEY DEL " : random.nextBoolean() ? "KEY PUT " : "key set ";
        String head = tag + verb + key;
        String options = switch (random.nextInt(12)) {
            case 0 -> " PRINCIPAL p" + random.nextInt(5);
            case 1 -> " WORM TTL " + (1 + random.nextInt(20)) + (random.nextBoolean() ? "ms" : "x");
            case 2 -> " WORM EXPIRES 20" + random.nextInt(100) + "-01-01T00:00:00Z";
            default -> "";
        };
        byte[] rest = bytes(options + " " + value());
        return line(head, random.nextInt(4) == 0 ? Mutator.mutate(random, rest, 0) : rest);
    }

    private byte[] blob(String tag, String key) {
        int size = random.nextInt(50) == 0 ? 100_000 : random.nextInt(400);
        String said = switch (random.nextInt(20)) {
            case 0 -> "-1";
            case 1 -> "9999999999999";
            case 2 -> "1e3";
            default -> Integer.toString(size);
        };
        byte[] head = bytes(tag + "KEY BLOB SET " + key + " " + said + "\r\n");
        byte[] body = new byte[size];
        random.nextBytes(body);
        byte[] frame = java.util.Arrays.copyOf(head, head.length + size);
        System.arraycopy(body, 0, frame, head.length, size);
        return frame;
    }

    private byte[] read() {
        String key = "F" + random.nextInt(TABLES) + ".r" + random.nextInt(ROWS);
        String command = switch (random.nextInt(16)) {
            case 0 -> "SCAN F" + random.nextInt(TABLES) + ".R1";
            case 1 -> "COUNT F" + random.nextInt(TABLES);
            case 2 -> "SAMPLE F" + random.nextInt(TABLES) + " " + random.nextInt(12);
            case 3 -> "PRINCIPAL WHOAMI";
            case 4 -> "PRINCIPAL ASSUME p" + random.nextInt(5);
            case 5 -> "NODE LIST";
            case 6 -> "NODE INFO " + random.nextInt(3);
            case 7 -> "QUORUM INFO F" + random.nextInt(TABLES);
            case 8 -> "KEY BLOB GET " + key;
            case 9 -> "NODE PING " + random.nextInt(3);
            case 10 -> "KEY GET VAULT.K" + random.nextInt(10);
            case 11 -> "SCAN VAULT";
            default -> "KEY GET " + key;
        };
        byte[] bytes = bytes(tag() + command);
        return line("", random.nextInt(3) == 0 ? Mutator.mutate(random, bytes, 0) : bytes);
    }

    private String tag() {
        return random.nextInt(3) == 0 ? "" : "[ID:" + Integer.toString(random.nextInt(), 36) + "] ";
    }

    private String value() {
        int length = random.nextInt(100) == 0 ? random.nextInt(20_000) : random.nextInt(40);
        return "v".repeat(length);
    }

    private byte[] line(String head, byte[] rest) {
        byte[] start = bytes(head);
        byte[] end = bytes(random.nextInt(5) == 0 ? "\n" : "\r\n");
        byte[] line = new byte[start.length + rest.length + end.length];
        System.arraycopy(start, 0, line, 0, start.length);
        System.arraycopy(rest, 0, line, start.length, rest.length);
        System.arraycopy(end, 0, line, start.length + rest.length, end.length);
        return line;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
