package io.atlasdb.sql.remote;

/**
 * Where a request came from.
 *
 * @param address the client's, as text; empty when it has none
 * @param shielded whether nobody reads along: TLS, or loopback
 */
public record Peer(String address, boolean shielded) {}
