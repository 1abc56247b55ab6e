package io.atlasdb.node.kv;

import java.util.Comparator;

/** The name of a transaction over several groups: the node that began it and a timestamp of that node's clock. */
record TxnId(long node, long number) {
    /** Older before younger. */
    static final Comparator<TxnId> AGE = Comparator.comparingLong(TxnId::number).thenComparingLong(TxnId::node);
}
