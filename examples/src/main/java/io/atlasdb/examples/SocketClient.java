package io.atlasdb.examples;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A client of the line protocol on a Unix socket, with nothing but the JDK: handshake, single commands, and tagged ones that
 * are under way together. For one thread.
 */
public final class SocketClient implements AutoCloseable {
    private static final String OK = "OK";
    /** Commands under way at once; the server takes more, and a client that only writes would never be read. */
    private static final int WINDOW = 64;

    private final SocketChannel channel;
    private final InputStream input;

    /** The frames of one answer, without their line ends; {@code error} is empty when the command succeeded. */
    private record Answer(List<String> frames, String error) {}

    /**
     * Connects and shakes hands.
     *
     * @throws IOException when nobody listens on the socket, or when it is not Atlas's
     */
    public SocketClient(Path socket) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            input = new BufferedInputStream(Channels.newInputStream(channel));
            expect("WELCOME 1.0 ");
            write("HELLO 1.0 example");
            expect("READY");
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Argument: the path of the socket. */
    public static void main(String[] args) throws IOException {
        Path socket = Path.of(args.length > 0 ? args[0] : "atlas-data/atlas.sock");
        try (SocketClient client = new SocketClient(socket)) {
            client.put("FRUIT.APPLE", "green");
            client.put("FRUIT.CHERRY", "red");
            client.put("FRUIT.LEMON", "yellow");
            List<String> keys = client.scan("FRUIT.");
            System.out.println("keys:   " + keys);
            System.out.println("one:    " + client.get("FRUIT.APPLE").orElse("nothing"));
            System.out.println("absent: " + client.get("FRUIT.PLUM").orElse("nothing"));
            System.out.println("all:    " + client.getAll(keys));
        }
    }

    /** Stores a text without line breaks; an old value is replaced. */
    public void put(String key, String value) throws IOException {
        call("KEY PUT " + key + " " + value);
    }

    /** The value of a key, or empty when there is none. */
    public Optional<String> get(String key) throws IOException {
        return value(call("KEY GET " + key));
    }

    /** The keys that begin with {@code prefix}, sorted. */
    public List<String> scan(String prefix) throws IOException {
        String frame = call("SCAN " + prefix).get(0);
        // One frame: KEYS:<n>, then a key a line; or EMPTY.
        List<String> lines = frame.lines().toList();
        return lines.subList(1, lines.size());
    }

    /**
     * The values of several keys, asked for together: each command carries a tag, and each frame of its answer the same
     * one, so that answers may come in any order. Keys without a value are left out.
     */
    public Map<String, String> getAll(List<String> keys) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        for (int begin = 0; begin < keys.size(); begin += WINDOW) {
            List<String> part = keys.subList(begin, Math.min(keys.size(), begin + WINDOW));
            for (int i = 0; i < part.size(); i++) {
                write("[ID:" + i + "] KEY GET " + part.get(i));
            }
            Map<String, Answer> answers = new LinkedHashMap<>();
            Map<String, List<String>> begun = new LinkedHashMap<>();
            while (answers.size() < part.size()) {
                String frame = readFrame();
                int end = frame.indexOf("] ");
                if (!frame.startsWith("[ID:") || end < 0) {
                    throw new IOException("an answer without a tag: " + frame);
                }
                String tag = frame.substring("[ID:".length(), end);
                String rest = frame.substring(end + 2);
                List<String> frames = begun.computeIfAbsent(tag, t -> new ArrayList<>());
                if (rest.equals(OK)) {
                    answers.put(tag, new Answer(frames, ""));
                } else if (rest.startsWith("ERROR ")) {
                    answers.put(tag, new Answer(frames, rest));
                } else {
                    frames.add(rest);
                }
            }
            for (int i = 0; i < part.size(); i++) {
                Answer answer = answers.get(String.valueOf(i));
                if (answer == null) {
                    throw new IOException("answers with unknown tags: " + answers.keySet());
                }
                String key = part.get(i);
                value(checked(answer)).ifPresent(value -> values.put(key, value));
            }
        }
        return values;
    }

    private static Optional<String> value(List<String> frames) {
        String frame = frames.get(0);
        return frame.startsWith("VALUE:") ? Optional.of(frame.substring("VALUE:".length())) : Optional.empty();
    }

    /** Sends a command and returns the frames of its answer, without the OK that ends it. */
    private List<String> call(String command) throws IOException {
        write(command);
        List<String> frames = new ArrayList<>();
        while (true) {
            String frame = readFrame();
            if (frame.equals(OK)) {
                return frames;
            } else if (frame.startsWith("ERROR ")) {
                throw new IOException(frame);
            }
            frames.add(frame);
        }
    }

    private static List<String> checked(Answer answer) throws IOException {
        if (!answer.error().isEmpty()) {
            throw new IOException(answer.error());
        }
        return answer.frames();
    }

    private void expect(String begin) throws IOException {
        String frame = readFrame();
        if (!frame.startsWith(begin)) {
            throw new IOException("expected " + begin.strip() + ", got " + frame);
        }
    }

    private void write(String line) throws IOException {
        if (line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("a command is one line");
        }
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(line + "\r\n");
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Reads up to CRLF; a LF alone belongs to the frame. */
    private String readFrame() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int previous = -1;
        while (true) {
            int next = input.read();
            if (next < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (previous == '\r' && next == '\n') {
                byte[] frame = bytes.toByteArray();
                return new String(frame, 0, frame.length - 1, StandardCharsets.UTF_8);
            }
            bytes.write(next);
            previous = next;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
