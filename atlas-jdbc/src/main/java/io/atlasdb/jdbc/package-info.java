/**
 * The JDBC driver of Atlas: URL and properties, two transports for the one client protocol, and JDBC's interfaces implemented
 * directly over its messages. A connection is a conversation with one host; it is never moved or opened anew in silence, and a
 * request is never sent twice. It depends on the protocol's messages and nothing else.
 */
@NullMarked
package io.atlasdb.jdbc;

import org.jspecify.annotations.NullMarked;
