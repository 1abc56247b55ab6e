/**
 * Random input on the ports of a running node. Invariant: whatever is sent, each request is answered or its connection ended,
 * no answer shows the inside of the node or another principal's data, and the node serves the next client.
 */
@NullMarked
package io.atlasdb.node.fuzz;

import org.jspecify.annotations.NullMarked;
