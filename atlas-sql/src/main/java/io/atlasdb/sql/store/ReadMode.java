package io.atlasdb.sql.store;

/**
 * How fresh a snapshot must be.
 *
 * @param kind see {@link Kind}
 * @param staleMsMax by how much a {@code STALE} snapshot may lie in the past, milliseconds; 0 for the others
 * @param timestampMin the snapshot sees everything up to this timestamp at least: what the session wrote and read; 0 for none
 */
public record ReadMode(Kind kind, long staleMsMax, long timestampMin) {
    /** Every commit that was acknowledged before. */
    public static final ReadMode STRONG = new ReadMode(Kind.STRONG, 0, 0);

    /** What a snapshot promises. */
    public enum Kind {
        /** It sees every commit that was acknowledged before it was asked for. */
        STRONG,
        /** It sees what the session itself wrote and read, and may be older otherwise. */
        SESSION,
        /** It is no older than a bound. */
        STALE
    }

    public ReadMode {
        if (staleMsMax < 0 || (kind != Kind.STALE && staleMsMax != 0) || timestampMin < 0) {
            throw new IllegalArgumentException(kind + ", stale by " + staleMsMax + " ms, from " + timestampMin);
        }
    }

    /** Sees at least what the session wrote and read up to a timestamp. */
    public static ReadMode session(long timestampMin) {
        return new ReadMode(Kind.SESSION, 0, timestampMin);
    }

    /** Not older than some milliseconds. */
    public static ReadMode stale(long staleMsMax) {
        return new ReadMode(Kind.STALE, staleMsMax, 0);
    }
}
