package io.atlasdb.sql.session;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.ReadMode;
import io.atlasdb.sql.tx.Isolation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The settings of one session: what SET writes and SHOW reads. Guarded by the session's lock. */
final class Settings {
    private static final Pattern QUANTITY = Pattern.compile("(\\d{1,18})\\s*([A-Z]*)");
    private static final int APPLICATION_NAME_MAX = 256;
    /** Below this a statement could not even hold a page of rows. */
    private static final long MEMORY_BUDGET_MIN = 64 << 10;

    private static final String STALE = "stale ";

    private final SessionDefaults defaults;
    private String schema;
    private long statementTimeoutMs;
    private long memoryBudgetBytes;
    private Isolation isolation = Isolation.SERIALIZABLE;
    private boolean readOnly;
    private String applicationName = "";
    private ReadMode readMode = ReadMode.STRONG;
    /** The newest timestamp that the session wrote. */
    private volatile long writtenTimestamp;

    /** A setting's name, what it is for, and how it is read and written. A null value means its default. */
    private enum Setting {
        APPLICATION_NAME("the name that atlas.sessions shows for this session"),
        CONSISTENCY(
                "how fresh reads are: strong, session (what it wrote itself), or stale with a bound, as in stale 5s"),
        MEMORY_BUDGET("bytes that one statement may hold; accepts units such as 64MB"),
        SCHEMA("the schema that unqualified names are looked up in"),
        STATEMENT_TIMEOUT("milliseconds that a statement may take, 0 = until its transaction is too old; accepts 5s"),
        TRANSACTION_ISOLATION("the level of the transactions that follow"),
        TRANSACTION_READ_ONLY("whether the transactions that follow may only read");

        private final String purpose;

        Setting(String purpose) {
            this.purpose = purpose;
        }
    }

    Settings(SessionDefaults defaults) {
        this.defaults = defaults;
        schema = defaults.schema();
        statementTimeoutMs = defaults.statementTimeoutMs();
        memoryBudgetBytes = defaults.memoryBudgetBytes();
    }

    String schema() {
        return schema;
    }

    void schema(String name) {
        schema = name;
    }

    long statementTimeoutMs() {
        return statementTimeoutMs;
    }

    long memoryBudgetBytes() {
        return memoryBudgetBytes;
    }

    Isolation isolation() {
        return isolation;
    }

    void isolation(Isolation level) {
        isolation = level;
    }

    boolean readOnly() {
        return readOnly;
    }

    void readOnly(boolean value) {
        readOnly = value;
    }

    /**
     * The mode of reads that do not belong to a transaction that may write. Whatever it is, a session sees its own writes.
     */
    ReadMode readMode() {
        return readMode.kind() == ReadMode.Kind.STRONG
                ? readMode
                : new ReadMode(readMode.kind(), readMode.staleMsMax(), writtenTimestamp);
    }

    /** Notes the timestamp of a commit of this session. From any thread, but one at a time. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void wrote(long timestamp) {
        writtenTimestamp = Math.max(writtenTimestamp, timestamp);
    }

    String applicationName() {
        return applicationName;
    }

    /** Sets a setting, or resets it when {@code value} is null; {@code ALL} resets every one. */
    void set(String name, @Nullable String value) {
        if (name.equals("ALL") && value == null) {
            for (Setting setting : Setting.values()) {
                set(setting.name(), null);
            }
            return;
        }
        switch (find(name)) {
            case APPLICATION_NAME -> applicationName = value == null ? "" : shortName(value);
            case CONSISTENCY -> readMode = value == null ? ReadMode.STRONG : freshness(name, value);
            case MEMORY_BUDGET ->
                memoryBudgetBytes = value == null ? defaults.memoryBudgetBytes() : budget(name, value);
            case SCHEMA -> schema = value == null ? defaults.schema() : value;
            case STATEMENT_TIMEOUT ->
                statementTimeoutMs = value == null ? defaults.statementTimeoutMs() : millis(name, value);
            case TRANSACTION_ISOLATION -> isolation = value == null ? Isolation.SERIALIZABLE : level(name, value);
            case TRANSACTION_READ_ONLY -> readOnly = value != null && bool(name, value);
        }
    }

    /** The value of a setting as SET would take it. */
    String show(String name) {
        return switch (find(name)) {
            case APPLICATION_NAME -> applicationName;
            case CONSISTENCY -> consistency();
            case MEMORY_BUDGET -> Long.toString(memoryBudgetBytes);
            case SCHEMA -> schema;
            case STATEMENT_TIMEOUT -> Long.toString(statementTimeoutMs);
            case TRANSACTION_ISOLATION -> isolation.name().replace('_', ' ');
            case TRANSACTION_READ_ONLY -> readOnly ? "on" : "off";
        };
    }

    /** Name, value and purpose of every setting, by name. */
    List<@Nullable Object[]> all() {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            rows.add(new Object[] {setting.name(), show(setting.name()), setting.purpose});
        }
        return rows;
    }

    /** Throws {@code NO_SUCH_SETTING} unless there is such a setting. */
    static void require(String name) {
        find(name);
    }

    private static Setting find(String name) {
        for (Setting setting : Setting.values()) {
            if (setting.name().equals(name)) {
                return setting;
            }
        }
        throw ErrorCode.NO_SUCH_SETTING.error(name, "; SHOW ALL lists them");
    }

    private static String shortName(String value) {
        return value.length() <= APPLICATION_NAME_MAX ? value : value.substring(0, APPLICATION_NAME_MAX);
    }

    private String consistency() {
        return switch (readMode.kind()) {
            case STRONG -> "strong";
            case SESSION -> "session";
            case STALE -> STALE + readMode.staleMsMax() + "ms";
        };
    }

    private static ReadMode freshness(String name, String value) {
        String lower = value.strip().toLowerCase(Locale.ROOT);
        if (lower.equals("strong")) {
            return ReadMode.STRONG;
        }
        if (lower.equals("session")) {
            return ReadMode.session(0);
        }
        if (lower.startsWith(STALE)) {
            return ReadMode.stale(millis(name, lower.substring(STALE.length())));
        }
        throw ErrorCode.INVALID_PARAMETER.error(
                name, value, "strong, session and stale with a bound, as in stale '5s', are known");
    }

    private static long budget(String name, String value) {
        Matcher quantity = quantity(name, value);
        long unit = switch (quantity.group(2)) {
            case "", "B" -> 1;
            case "K", "KB", "KIB" -> 1L << 10;
            case "M", "MB", "MIB" -> 1L << 20;
            case "G", "GB", "GIB" -> 1L << 30;
            default -> throw ErrorCode.INVALID_PARAMETER.error(name, value, "units are KB, MB and GB");
        };
        long bytes = times(name, value, Long.parseLong(quantity.group(1)), unit);
        if (bytes < MEMORY_BUDGET_MIN) {
            throw ErrorCode.INVALID_PARAMETER.error(name, value, "the least is " + MEMORY_BUDGET_MIN);
        }
        return bytes;
    }

    private static long millis(String name, String value) {
        Matcher quantity = quantity(name, value);
        long unit = switch (quantity.group(2)) {
            case "", "MS" -> 1;
            case "S" -> 1_000;
            case "MIN" -> 60_000;
            case "H" -> 3_600_000;
            default -> throw ErrorCode.INVALID_PARAMETER.error(name, value, "units are ms, s, min and h");
        };
        return times(name, value, Long.parseLong(quantity.group(1)), unit);
    }

    private static Matcher quantity(String name, String value) {
        Matcher quantity = QUANTITY.matcher(value.strip().toUpperCase(Locale.ROOT));
        if (!quantity.matches()) {
            throw ErrorCode.INVALID_PARAMETER.error(name, value, "a whole number with an optional unit is expected");
        }
        return quantity;
    }

    private static long times(String name, String value, long number, long unit) {
        // A day of milliseconds or a terabyte of memory is more than anybody means; it also keeps sums from
        // overflowing.
        if (number > (1L << 40) / unit) {
            throw ErrorCode.INVALID_PARAMETER.error(name, value, "it is too large");
        }
        return number * unit;
    }

    private static Isolation level(String name, String value) {
        return switch (value.strip().toUpperCase(Locale.ROOT).replace('_', ' ')) {
            case "READ UNCOMMITTED", "READ COMMITTED" -> Isolation.READ_COMMITTED;
            case "REPEATABLE READ" -> Isolation.REPEATABLE_READ;
            case "SERIALIZABLE" -> Isolation.SERIALIZABLE;
            default ->
                throw ErrorCode.INVALID_PARAMETER.error(
                        name, value, "levels are read committed, repeatable read and serializable");
        };
    }

    private static boolean bool(String name, String value) {
        return switch (value.strip().toUpperCase(Locale.ROOT)) {
            case "ON", "TRUE", "YES", "1" -> true;
            case "OFF", "FALSE", "NO", "0" -> false;
            default -> throw ErrorCode.INVALID_PARAMETER.error(name, value, "on or off is expected");
        };
    }
}
