package io.atlasdb.sql.session;

import org.jspecify.annotations.Nullable;

/**
 * What a batch gave.
 *
 * @param counts update counts, one per row of parameters
 * @param keys generated keys of all inserted rows in their order, when they were asked for; null otherwise
 */
@SuppressWarnings("ArrayRecordComponent") // made once, read once
public record BatchCounts(long[] counts, Execution.@Nullable GeneratedKeys keys) {}
