package io.atlasdb.node.bench;

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
import java.util.List;

/**
 * The keys of the crash test and a connection to the socket that writes and reads them. Every fourth operation writes over one
 * key per writer, the others make a key each.
 */
final class CrashKeys implements AutoCloseable {
    private static final int OVERWRITE = 4;
    private static final int PIPELINED = 64;

    private final SocketChannel channel;
    private final InputStream in;

    private CrashKeys(SocketChannel channel) {
        this.channel = channel;
        this.in = new BufferedInputStream(Channels.newInputStream(channel));
    }

    /** Connects and shakes hands. */
    static CrashKeys open(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            CrashKeys keys = new CrashKeys(channel);
            keys.line();
            keys.send("HELLO 1.0 crash\r\n");
            String answer = keys.line();
            if (!answer.equals("READY")) {
                throw new IOException("the node refused the handshake: " + answer);
            }
            return keys;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Writes what the operation writes and waits for the answer.
     *
     * @return false when the node refused it
     */
    boolean put(int round, int writer, int operation) throws IOException {
        send("KEY PUT " + key(round, writer, operation) + " " + value(round, writer, operation) + "\r\n");
        return line().equals("OK");
    }

    /** Finds what is wrong after a round. */
    List<String> verify(int round, List<WriterLog> logs, boolean last) throws IOException {
        List<String> faults = new ArrayList<>();
        for (WriterLog log : logs) {
            for (int from = 0; from < log.begun(); from += PIPELINED) {
                verify(round, log, from, Math.min(log.begun(), from + PIPELINED), faults);
            }
            if (last) {
                verifyOverwritten(round, log, faults);
            }
        }
        return faults;
    }

    private void verify(int round, WriterLog log, int from, int to, List<String> faults) throws IOException {
        StringBuilder commands = new StringBuilder();
        for (int operation = from; operation < to; operation++) {
            commands.append("KEY GET ")
                    .append(key(round, log.writer(), operation))
                    .append("\r\n");
        }
        send(commands.toString());
        for (int operation = from; operation < to; operation++) {
            String found = value();
            if (operation % OVERWRITE == 0) {
                continue;
            }
            boolean there = found.equals(value(round, log.writer(), operation));
            String fault = !there && !found.isEmpty()
                    ? "another value is there: " + found
                    : log.judge(operation, there ? 1 : 0, 1);
            if (!fault.isEmpty()) {
                faults.add(who(round, log) + ", operation " + operation + ": " + fault);
            }
        }
    }

    /** What was written over last must be there, or what was begun after it. */
    private void verifyOverwritten(int round, WriterLog log, List<String> faults) throws IOException {
        int acknowledged = -1;
        for (int operation = 0; operation < log.begun(); operation += OVERWRITE) {
            acknowledged = log.isAcknowledged(operation) ? operation : acknowledged;
        }
        if (acknowledged < 0) {
            return;
        }
        send("KEY GET " + key(round, log.writer(), 0) + "\r\n");
        String found = value();
        for (int operation = acknowledged; operation < log.begun(); operation += OVERWRITE) {
            if (found.equals(value(round, log.writer(), operation))) {
                return;
            }
        }
        faults.add(who(round, log) + ": the key that is written over holds \"" + found + "\" where operation "
                + acknowledged + " was acknowledged");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static String who(int round, WriterLog log) {
        return "round " + round + ", socket writer " + log.writer();
    }

    private static String key(int round, int writer, int operation) {
        return operation % OVERWRITE == 0
                ? "CRASHKEYS.LAST" + writer
                : "CRASHKEYS.R" + round + "W" + writer + "N" + operation;
    }

    private static String value(int round, int writer, int operation) {
        return "round " + round + " writer " + writer + " operation " + operation;
    }

    /** The answer to KEY GET: the value, or "" when there is none. */
    private String value() throws IOException {
        String first = line();
        if (first.startsWith("ERROR")) {
            throw new IOException("KEY GET failed: " + first);
        }
        String end = line();
        if (!end.equals("OK")) {
            throw new IOException("KEY GET ended with " + end);
        }
        return first.startsWith("VALUE:") ? first.substring("VALUE:".length()) : "";
    }

    private void send(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the node closed the connection");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
