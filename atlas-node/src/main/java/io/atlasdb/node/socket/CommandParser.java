package io.atlasdb.node.socket;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.access.AccessChange;
import io.atlasdb.sql.access.Rights;
import io.atlasdb.sql.store.Limits;
import io.atlasdb.sql.store.ReadMode;
import io.atlasdb.sql.store.Retention;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A line to a request. Never fails: what is wrong becomes a {@link Command.Refused} with its answer. */
final class CommandParser {
    /** Keys that one SAMPLE may ask for. */
    static final int SAMPLE_MAX = 10_000;

    private static final int SAMPLE_DEFAULT = 10;
    private static final byte[] TAG = "[ID:".getBytes(StandardCharsets.US_ASCII);
    private static final int TAG_BYTES_MAX = 256;
    private static final int NANOS_PER_MS = 1_000_000;

    private static final Map<String, Function<Line, Command>> COMMANDS = Map.ofEntries(
            Map.entry("HELLO", line -> new Command.Hello(line.size() == 3 ? line.verb(1) : null)),
            Map.entry("KEY", CommandParser::key),
            Map.entry("SCAN", line -> new Command.Scan(prefix(exactly(2, line)))),
            Map.entry("COUNT", line -> new Command.Count(prefix(exactly(2, line)))),
            Map.entry("SAMPLE", CommandParser::sample),
            Map.entry("CONSISTENCY", CommandParser::consistency),
            Map.entry("PRINCIPAL", CommandParser::principal),
            Map.entry("PRINCIPLE", CommandParser::principal),
            Map.entry("ACL", CommandParser::acl),
            Map.entry("NODE", CommandParser::node),
            Map.entry("QUORUM", CommandParser::quorum),
            Map.entry("SQL", line -> unavailable("SQL")));

    private static final Map<String, Function<Line, Command>> KEY_COMMANDS = Map.of(
            "PUT", CommandParser::put,
            "SET", CommandParser::put,
            "GET", line -> new Command.Get(KeyName.parse(text(exactly(3, line), 2))),
            "DEL", line -> new Command.Delete(KeyName.parse(text(exactly(3, line), 2))),
            "BLOB", CommandParser::blob);

    private static final Map<String, Integer> PERMISSIONS =
            Map.of("READ", Rights.READ, "WRITE", Rights.WRITE, "OWNER", Rights.OWNER);

    private CommandParser() {}

    /** Reads a line without its end; null when it is blank. */
    static @Nullable Request parse(byte[] bytes) {
        int end = tagEnd(bytes);
        String tag = end == 0 ? null : Text.decode(bytes, TAG.length, end - 1);
        if (tag != null && Text.hasControl(tag)) {
            tag = null;
        }
        Line line = new Line(bytes, tag == null ? 0 : end);
        if (line.size() == 0) {
            return tag == null ? null : new Request(tag, refused(Answer.warn("command expected, got nothing")));
        }
        return new Request(tag, command(line));
    }

    /** The request for a line that was too long to be kept, by its beginning. */
    static Request tooLong(byte[] head, long bytes) {
        Request request = parse(head);
        String tag = request == null ? null : request.tag();
        return new Request(
                tag,
                refused(Answer.warn(ErrorCode.LIMIT.message("the value", bytes + " bytes", Limits.VALUE_BYTES_MAX))));
    }

    private static Command command(Line line) {
        try {
            Function<Line, Command> parser = COMMANDS.get(line.verb(0));
            return parser == null ? unknown(line, 0) : parser.apply(line);
        } catch (Unparsable e) {
            return e.command;
        } catch (AtlasException e) {
            return refused(Answer.of(e));
        }
    }

    private static Command key(Line line) {
        atLeast(2, line, 3);
        Function<Line, Command> parser = KEY_COMMANDS.get(line.verb(1));
        return parser == null ? unknown(line, 1) : parser.apply(line);
    }

    private static Command put(Line line) {
        atLeast(4, line, 4);
        KeyName key = KeyName.parse(text(line, 2));
        String principal = null;
        Retention until = Retention.NONE;
        int last = 2;
        while (true) {
            String option = line.verb(last + 1);
            if (option.equals("PRINCIPAL") && line.size() > last + 2) {
                principal = principalName(line, last + 2);
                last += 2;
            } else if (option.equals("WORM") && isRetention(line, last + 2)) {
                until = retention(line, last + 2);
                last += 3;
            } else {
                break;
            }
        }
        byte[] value = line.after(last);
        if (value.length == 0) {
            throw arity(line, 4);
        }
        if (value.length > Limits.VALUE_BYTES_MAX) {
            throw ErrorCode.LIMIT.error("the value", value.length + " bytes", Limits.VALUE_BYTES_MAX);
        }
        return new Command.Put(key, principal, until, value);
    }

    /** Whether a time stands after WORM, which is value text otherwise. */
    private static boolean isRetention(Line line, int kind) {
        String verb = line.verb(kind);
        return line.size() > kind + 1 && (verb.equals("TTL") || verb.equals("EXPIRES"));
    }

    /** What stands after WORM. A time that has passed is taken as any other: the value can be changed at once. */
    private static Retention retention(Line line, int kind) {
        String time = text(line, kind + 1);
        if (line.verb(kind).equals("TTL")) {
            try {
                Duration ttl = GoDuration.parse(time);
                long roundedUpMs = ttl.plusNanos(NANOS_PER_MS - 1).toMillis();
                return Retention.pending(Retention.NONE.untilMs(), 0, roundedUpMs);
            } catch (IllegalArgumentException e) {
                throw new Unparsable(refused(Answer.warn(String.valueOf(e.getMessage()))));
            }
        }
        try {
            Instant at = OffsetDateTime.parse(time).toInstant();
            return Retention.until(at.plusNanos(NANOS_PER_MS - 1).toEpochMilli());
        } catch (DateTimeException e) {
            throw ErrorCode.INVALID_DATETIME.error(time, "RFC 3339 time");
        }
    }

    private static Command blob(Line line) {
        atLeast(3, line, 4);
        return switch (line.verb(2)) {
            case "GET" -> new Command.BlobGet(KeyName.parse(text(exactly(4, line), 3)));
            case "SET" -> blobSet(line);
            default -> unknown(line, 2);
        };
    }

    /** The bytes that follow must be skipped, so a length that cannot be read ends the connection. */
    private static Command blobSet(Line line) {
        String length = line.verb(4);
        long bytes;
        try {
            bytes = Long.parseLong(length);
        } catch (NumberFormatException e) {
            bytes = -1;
        }
        if (bytes < 0 || line.size() != 5) {
            return refused(Answer.warn("invalid length: " + (length.isEmpty() ? "(none)" : length))
                    .thenClose());
        }
        if (bytes > Limits.LINE_BYTES_MAX) {
            return refused(Answer.fatal(FrameDecoder.TOO_LONG));
        }
        try {
            return new Command.BlobSet(KeyName.parse(text(line, 3)), bytes);
        } catch (AtlasException e) {
            return new Command.Refused(Answer.of(e), bytes);
        }
    }

    private static Command sample(Line line) {
        atLeast(2, line, 2);
        if (line.size() == 2) {
            return new Command.Sample(prefix(line), SAMPLE_DEFAULT);
        }
        exactly(3, line);
        String size = line.verb(2);
        try {
            int keys = Integer.parseInt(size);
            if (keys >= 1 && keys <= SAMPLE_MAX) {
                return new Command.Sample(prefix(line), keys);
            }
        } catch (NumberFormatException e) {
            // Falls through to the message, which is the same.
        }
        return refused(Answer.warn("invalid sample size: " + size + " (1 to " + SAMPLE_MAX + ")"));
    }

    private static Command acl(Line line) {
        atLeast(2, line, 6);
        String action = line.verb(1);
        if (!action.equals("GRANT") && !action.equals("REVOKE")) {
            return unknown(line, 1);
        }
        exactly(6, line);
        if (!line.verb(4).equals("PERMS")) {
            return unknown(line, 4);
        }
        KeyName key = KeyName.parse(text(line, 2));
        String permissions = text(line, 5);
        Integer rights = PERMISSIONS.get(permissions);
        if (rights == null) {
            return refused(Answer.warn("unknown permissions: " + permissions));
        }
        AccessChange change = new AccessChange(action.equals("GRANT"), rights, List.of(principalName(line, 3)));
        return new Command.Acl(key, change, permissions);
    }

    private static Command consistency(Line line) {
        String kind = line.verb(1);
        if (line.size() == 1) {
            return new Command.Consistency(null);
        }
        if (line.size() == 2 && kind.equals("STRONG")) {
            return new Command.Consistency(ReadMode.STRONG);
        }
        if (line.size() == 2 && kind.equals("SESSION")) {
            return new Command.Consistency(ReadMode.session(0));
        }
        if (line.size() == 3 && kind.equals("STALE")) {
            try {
                long ms = GoDuration.parse(text(line, 2)).toMillis();
                if (ms > 0) {
                    return new Command.Consistency(ReadMode.stale(ms));
                }
            } catch (IllegalArgumentException e) {
                return refused(Answer.warn(String.valueOf(e.getMessage())));
            }
        }
        return refused(Answer.warn("usage: CONSISTENCY [STRONG | SESSION | STALE <duration>]"));
    }

    private static Command principal(Line line) {
        return switch (line.verb(1)) {
            case "WHOAMI" -> {
                exactly(2, line);
                yield new Command.WhoAmI();
            }
            case "ASSUME" -> new Command.Assume(line.size() == 3 ? principalName(line, 2) : noPrincipal());
            default -> refused(Answer.warn("unknown PRINCIPAL action"));
        };
    }

    private static String principalName(Line line, int index) {
        String name = line.word(index);
        if (name == null
                || Text.hasControl(name)
                || name.codePointCount(0, name.length()) > Limits.NAME_CHARACTERS_MAX) {
            return noPrincipal();
        }
        return name;
    }

    private static String noPrincipal() {
        throw new Unparsable(refused(Answer.warn("usage: PRINCIPAL ASSUME <name>")));
    }

    private static Command node(Line line) {
        atLeast(2, line, 2);
        return switch (line.verb(1)) {
            case "LIST" -> {
                exactly(2, line);
                yield new Command.NodeList();
            }
            case "INFO" -> new Command.NodeInfo(nodeId(exactly(3, line)));
            case "PING" -> new Command.NodePing(nodeId(exactly(3, line)));
            case "DRAIN", "ACTIVATE", "REMOVE" ->
                new Command.NodeChange(nodeId(exactly(3, line)), ClusterInfo.Change.valueOf(line.verb(1)));
            default -> unknown(line, 1);
        };
    }

    private static long nodeId(Line line) {
        String id = line.verb(2);
        try {
            return Long.parseLong(id);
        } catch (NumberFormatException e) {
            throw new Unparsable(refused(Answer.warn("invalid node id: " + id)));
        }
    }

    private static Command quorum(Line line) {
        atLeast(2, line, 3);
        return line.verb(1).equals("INFO")
                ? new Command.QuorumInfo(Text.upper(text(exactly(3, line), 2)))
                : unknown(line, 1);
    }

    private static String prefix(Line line) {
        return Text.upper(text(line, 1));
    }

    private static String text(Line line, int index) {
        String word = line.word(index);
        if (word == null) {
            throw ErrorCode.INVALID_TEXT.error(line.verb(index), "UTF-8 text");
        }
        return word;
    }

    private static Line exactly(int words, Line line) {
        if (line.size() != words) {
            throw arity(line, words);
        }
        return line;
    }

    private static void atLeast(int words, Line line, int expected) {
        if (line.size() < words && !(line.size() == 3 && words == 4 && line.after(2).length > 0)) {
            throw arity(line, expected);
        }
    }

    private static Unparsable arity(Line line, int words) {
        return new Unparsable(refused(Answer.warn(line.raw() + " expects " + words + " arguments")));
    }

    private static Command unknown(Line line, int index) {
        return refused(Answer.warn("command expected, got " + line.verb(index)));
    }

    private static Command unavailable(String what) {
        return refused(Answer.warn(what + " is not available yet"));
    }

    private static Command refused(Answer answer) {
        return new Command.Refused(answer, 0);
    }

    /** Where the line goes on after {@code [ID:x]}; 0 when it has no tag. */
    private static int tagEnd(byte[] bytes) {
        for (int i = 0; i < TAG.length; i++) {
            if (i >= bytes.length || bytes[i] != TAG[i]) {
                return 0;
            }
        }
        for (int i = TAG.length; i < bytes.length && i <= TAG.length + TAG_BYTES_MAX; i++) {
            if (bytes[i] == ']') {
                return i == TAG.length ? 0 : i + 1;
            }
        }
        return 0;
    }

    /** Ends the parsing of a line with its answer. */
    private static final class Unparsable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Command command;

        Unparsable(Command command) {
            super(null, null, false, false);
            this.command = command;
        }
    }
}
