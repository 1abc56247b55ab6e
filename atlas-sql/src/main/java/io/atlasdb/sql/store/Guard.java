package io.atlasdb.sql.store;

/**
 * A condition on the schema or on rights: the value at {@code key} must begin with the eight bytes of {@code version}, big-endian;
 * 0 says that nothing may stand there. A commit whose guard fails is refused with {@code SCHEMA_CHANGED}; {@code what} is the name that the message shows.
 */
@SuppressWarnings("ArrayRecordComponent")
public record Guard(long group, byte[] key, long version, String what) {}
