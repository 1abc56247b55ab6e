package io.atlasdb.sql.codec;

/**
 * What an index holds for one row.
 *
 * @param unique whether two rows with this key would violate a UNIQUE constraint; false as well when a column is NULL
 */
@SuppressWarnings("ArrayRecordComponent")
public record IndexEntry(byte[] key, byte[] value, boolean unique) {}
