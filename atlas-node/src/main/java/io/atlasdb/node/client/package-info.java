/**
 * The client port: one Netty server whose first bytes tell HTTP (Avatica's protobuf and JSON, the client protocol, health,
 * metrics) from the framed client protocol. Event loops only move bytes; requests run on a bounded pool, one at a time per
 * connection and in their order, and the next one starts only while the client reads its answers.
 */
@NullMarked
package io.atlasdb.node.client;

import org.jspecify.annotations.NullMarked;
