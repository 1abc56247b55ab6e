/**
 * Puts a node together from its parts, in the order that makes it safe: directory, log, store, replicas, transactions, SQL,
 * ports; and takes it apart in the reverse order.
 */
@NullMarked
package io.atlasdb.node.server;

import org.jspecify.annotations.NullMarked;
