package io.atlasdb.node.socket;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A conversation from a file of them. Latin-1 stands for bytes. */
record Transcript(String name, List<Exchange> exchanges, boolean closed) {
    /** What is sent, and what must come back, exactly. */
    record Exchange(String sent, String answer) {}

    /** Those of a resource. */
    static List<Transcript> load(String resource) {
        List<Transcript> transcripts = new ArrayList<>();
        String text;
        try (InputStream in = Objects.requireNonNull(Transcript.class.getResourceAsStream(resource))) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (String block : text.split("\n== ", -1)) {
            if (!block.startsWith("#")) {
                transcripts.add(parse(block));
            }
        }
        return transcripts;
    }

    private static Transcript parse(String block) {
        String[] lines = block.split("\n", -1);
        List<Exchange> exchanges = new ArrayList<>();
        boolean closed = false;
        for (int i = 1; i < lines.length; i++) {
            if (lines[i].startsWith("> ")) {
                exchanges.add(new Exchange(unescape(lines[i].substring(2)), ""));
            } else if (lines[i].equals("< closed")) {
                closed = true;
            } else if (lines[i].startsWith("< ")) {
                Exchange last = exchanges.remove(exchanges.size() - 1);
                exchanges.add(new Exchange(last.sent, last.answer + unescape(lines[i].substring(2))));
            } else if (!lines[i].isBlank()) {
                throw new IllegalArgumentException("transcripts.txt: " + lines[i]);
            }
        }
        return new Transcript(lines[0], exchanges, closed);
    }

    /** The bytes of a text with escapes, as Latin-1. */
    private static String unescape(String text) {
        String bytes = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        StringBuilder unescaped = new StringBuilder();
        for (int i = 0; i < bytes.length(); i++) {
            char c = bytes.charAt(i);
            if (c != '\\') {
                unescaped.append(c);
                continue;
            }
            char escape = bytes.charAt(++i);
            switch (escape) {
                case 'r' -> unescaped.append('\r');
                case 'n' -> unescaped.append('\n');
                case 't' -> unescaped.append('\t');
                case 's' -> unescaped.append(' ');
                case '\\' -> unescaped.append('\\');
                case 'x' -> {
                    unescaped.append((char) Integer.parseInt(bytes.substring(i + 1, i + 3), 16));
                    i += 2;
                }
                default -> throw new IllegalArgumentException("unknown escape " + escape);
            }
        }
        return unescaped.toString();
    }

    /** The same conversation with lines that end in a line feed alone. */
    Transcript withLineFeeds() {
        return map(exchange ->
                new Exchange(isBlob(exchange) ? exchange.sent : exchange.sent.replace("\r\n", "\n"), exchange.answer));
    }

    /** The same conversation with each command and each frame tagged; blank lines and the bytes of blobs stay. */
    Transcript tagged() {
        return map(exchange -> {
            if (exchange.sent.isBlank() || exchange.sent.startsWith("[ID:") || isBlob(exchange)) {
                return exchange;
            }
            return new Exchange("[ID:t 1] " + exchange.sent, tagFrames(exchange.answer));
        });
    }

    private static boolean isBlob(Exchange exchange) {
        return exchange.sent.startsWith("KEY BLOB SET") && exchange.answer.startsWith("OK")
                || exchange.answer.startsWith("BLOB ");
    }

    private static String tagFrames(String answer) {
        StringBuilder tagged = new StringBuilder();
        for (String frame : answer.split("(?<=\r\n)", -1)) {
            tagged.append(frame.isEmpty() ? "" : "[ID:t 1] ").append(frame);
        }
        return tagged.toString();
    }

    private Transcript map(java.util.function.UnaryOperator<Exchange> change) {
        return new Transcript(name, exchanges.stream().map(change).toList(), closed);
    }

    @Override
    public String toString() {
        return name;
    }
}
