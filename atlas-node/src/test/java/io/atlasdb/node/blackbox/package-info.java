/**
 * Clusters of real processes, seen from outside: nodes are killed and stopped while clients work over JDBC, and everything that
 * was promised to a client is looked for afterwards. Nothing here knows how a node works inside.
 */
@NullMarked
package io.atlasdb.node.blackbox;

import org.jspecify.annotations.NullMarked;
