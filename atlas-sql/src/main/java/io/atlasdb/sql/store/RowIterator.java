package io.atlasdb.sql.store;

/** Walks keys and values in order. Not safe for several threads; must be closed. */
public interface RowIterator extends AutoCloseable {
    /** Moves to the next pair; false at the end. Must be called before the first {@link #key}. */
    boolean next();

    /** The key of the present pair; not to be changed. */
    byte[] key();

    /** The value of the present pair; not to be changed. */
    byte[] value();

    @Override
    void close();
}
