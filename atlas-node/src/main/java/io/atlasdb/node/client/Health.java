package io.atlasdb.node.client;

/** What the node says of itself over HTTP. Called often and on event loops: answers at once. */
public interface Health {
    /** Whether it takes statements. */
    boolean ready();

    /** A JSON object. */
    String status();
}
