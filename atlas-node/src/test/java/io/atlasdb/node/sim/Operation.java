package io.atlasdb.node.sim;

/** One request of a client, as the client saw it. */
final class Operation {
    /** What a register is asked. */
    enum Kind {
        READ,
        WRITE,
        SWAP
    }

    final Kind kind;
    final long group;
    final long key;
    /** What is written. */
    final long value;
    /** Of a swap. */
    final long expected;

    final long beganMicros;
    /** Long.MAX_VALUE while it is not known whether it took effect. */
    long endedMicros = Long.MAX_VALUE;
    /** Of a read, what it found; of a swap, 1 when it took effect. */
    long result;
    /** It certainly had no effect. */
    boolean refused;

    Operation(Kind kind, long group, long key, long value, long expected, long beganMicros) {
        this.kind = kind;
        this.group = group;
        this.key = key;
        this.value = value;
        this.expected = expected;
        this.beganMicros = beganMicros;
    }

    void end(long micros, long found) {
        endedMicros = micros;
        result = found;
    }

    boolean isOpen() {
        return endedMicros == Long.MAX_VALUE;
    }

    @Override
    public String toString() {
        return kind + " g" + group + " k" + key + " v" + value + (kind == Kind.SWAP ? " expected " + expected : "")
                + " [" + beganMicros + ", " + (isOpen() ? "?" : endedMicros + "] = " + result);
    }
}
