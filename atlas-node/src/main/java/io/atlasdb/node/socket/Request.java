package io.atlasdb.node.socket;

import org.jspecify.annotations.Nullable;

/**
 * A command and how to answer it.
 *
 * @param tag what stands in {@code [ID:…]}, or null; a tagged command runs beside others
 */
record Request(@Nullable String tag, Command command) {}
