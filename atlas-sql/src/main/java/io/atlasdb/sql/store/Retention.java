package io.atlasdb.sql.store;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;

/**
 * Until when a stored value may not be changed or removed, and how that stands in the value. A store refuses commits against it
 * by the time of its owner, and by the timestamp of the entry once more when it applies them, so that it knows this much of keys and values:
 *
 * <pre>
 *   03 | table | …                                    key of a row or of an index entry; only these can be retained
 *   70 | 8 bytes: milliseconds since 1970 | body      retained until then
 *   71 | 8 bytes: milliseconds since 1970 | 4 bytes: months | 8 bytes: milliseconds | body
 *                                                     on its way: retained for so long from the owner's time on, and until the
 *                                                     first time at least; the owner writes the form above in its place
 *   anything else                                     a body, not retained
 * </pre>
 *
 * <p>A period is counted by the owner, since neither the clock of a client nor that of its node may shorten it. A period of months
 * ends on the same day of the month in UTC, or on the month's last day.
 *
 * @param untilMs milliseconds since 1970; {@link #NONE}'s when there is no such time
 * @param months of the period that begins with the commit
 * @param periodMs milliseconds that the period is longer than its months
 * @param pending whether a period is to be added
 */
public record Retention(long untilMs, int months, long periodMs, boolean pending) {
    /** Not retained. */
    public static final Retention NONE = new Retention(Long.MIN_VALUE, 0, 0, false);

    /** The last moment that a record can be retained until: the last that SQL can write. */
    public static final long UNTIL_MS_MAX =
            Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

    private static final int SPACE = 0x03;
    private static final int RETAINED = 0x70;
    private static final int PENDING = 0x71;
    private static final int RETAINED_BYTES = 1 + Long.BYTES;
    private static final int PENDING_BYTES = RETAINED_BYTES + Integer.BYTES + Long.BYTES;
    /** A number that follows the space byte of a key has a first byte above this when it has more. */
    private static final int SINGLE_BYTE_MAX = 0xF7;

    private static final int TIMESTAMP_COUNTER_BITS = 16;

    /** Retained until a time, milliseconds since 1970. */
    public static Retention until(long untilMs) {
        return new Retention(Math.min(untilMs, UNTIL_MS_MAX), 0, 0, false);
    }

    /** Retained for a period from the commit on, and until a time at least; {@link #NONE}'s time when there is none. */
    public static Retention pending(long untilMs, int months, long periodMs) {
        return new Retention(Math.min(untilMs, UNTIL_MS_MAX), months, periodMs, true);
    }

    /** What a value says. */
    public static Retention of(byte[] value) {
        if (value.length >= RETAINED_BYTES && value[0] == RETAINED) {
            return until(ByteBuffer.wrap(value).getLong(1));
        }
        if (value.length >= PENDING_BYTES && value[0] == PENDING) {
            ByteBuffer buffer = ByteBuffer.wrap(value, 1, PENDING_BYTES - 1);
            return pending(buffer.getLong(), buffer.getInt(), buffer.getLong());
        }
        return NONE;
    }

    /** Whether this is about a time or a period at all. */
    public boolean isNone() {
        return !pending && untilMs == Long.MIN_VALUE;
    }

    /** A value that says this of a body. */
    public byte[] on(byte[] body) {
        if (isNone()) {
            return body;
        }
        ByteBuffer buffer = ByteBuffer.allocate((pending ? PENDING_BYTES : RETAINED_BYTES) + body.length);
        buffer.put((byte) (pending ? PENDING : RETAINED)).putLong(untilMs);
        if (pending) {
            buffer.putInt(months).putLong(periodMs);
        }
        return buffer.put(body).array();
    }

    /** The same until a time at least. */
    public Retention atLeast(long otherMs) {
        return new Retention(Math.max(untilMs, Math.min(otherMs, UNTIL_MS_MAX)), months, periodMs, pending);
    }

    /** The time that a period which begins now comes to; this itself when there is no period. */
    public Retention from(long nowMs) {
        if (!pending) {
            return this;
        }
        long end = UNTIL_MS_MAX;
        if (nowMs < UNTIL_MS_MAX && months < Integer.MAX_VALUE && Math.abs(periodMs) < UNTIL_MS_MAX) {
            long shifted = Instant.ofEpochMilli(nowMs)
                    .atOffset(ZoneOffset.UTC)
                    .plusMonths(months)
                    .toInstant()
                    .toEpochMilli();
            end = shifted + periodMs;
        }
        return until(Math.max(untilMs, end));
    }

    /** Where the body begins in a value. */
    public static int bodyAt(byte[] value) {
        if (value.length >= RETAINED_BYTES && value[0] == RETAINED) {
            return RETAINED_BYTES;
        }
        return value.length >= PENDING_BYTES && value[0] == PENDING ? PENDING_BYTES : 0;
    }

    /** The value without what stands before its body; the array itself when nothing does. */
    public static byte[] body(byte[] value) {
        int at = bodyAt(value);
        return at == 0 ? value : Arrays.copyOfRange(value, at, value.length);
    }

    /** A value as it is to be stored by a commit at a time: with the time that its period comes to. */
    public static byte[] settled(byte[] value, long nowMs) {
        return isPending(value) ? of(value).from(nowMs).on(body(value)) : value;
    }

    /** Whether the owner has to count a period for the value. */
    public static boolean isPending(byte[] value) {
        return value.length >= PENDING_BYTES && value[0] == PENDING;
    }

    /** Whether it is the key of a row or of an index entry, which alone can be retained. */
    public static boolean isRow(byte[] key) {
        return key.length > 1 && key[0] == SPACE;
    }

    /** The bytes of the table's number behind the space byte of a key that belongs to a table. */
    public static byte[] table(byte[] key) {
        int first = key.length > 1 ? key[1] & 0xFF : 0;
        int length = first <= SINGLE_BYTE_MAX ? 1 : 1 + first - SINGLE_BYTE_MAX;
        return Arrays.copyOfRange(key, 1, Math.max(1, Math.min(key.length, 1 + length)));
    }

    /** Whether a value is retained beyond a time. */
    public static boolean holds(byte[] value, long nowMs) {
        return value.length >= RETAINED_BYTES && value[0] == RETAINED && of(value).untilMs > nowMs;
    }

    /** Whether a retained value may give place to another: to the same one, retained as long or longer. */
    public static boolean extendsBy(byte[] present, byte[] next) {
        int from = bodyAt(present);
        int to = bodyAt(next);
        return !isPending(next)
                && of(next).untilMs >= of(present).untilMs
                && Arrays.equals(present, from, present.length, next, to, next.length);
    }

    /** The milliseconds of a timestamp. */
    public static long millis(long timestamp) {
        return timestamp >>> TIMESTAMP_COUNTER_BITS;
    }
}
