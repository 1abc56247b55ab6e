package io.atlasdb.sql.store;

import org.jspecify.annotations.Nullable;

/** The new value of a key, or its removal when {@code value} is null. Arrays are not copied; nobody changes them. */
@SuppressWarnings("ArrayRecordComponent")
public record Write(long group, byte[] key, byte @Nullable [] value) {}
