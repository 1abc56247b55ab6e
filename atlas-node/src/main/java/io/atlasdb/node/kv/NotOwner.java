package io.atlasdb.node.kv;

/** The request was not carried out, since this node does not own the group; {@code owner} may, 0 when nobody is known. */
final class NotOwner extends Exception {
    private static final long serialVersionUID = 1;

    final int owner;

    NotOwner(int owner) {
        super("owner is node " + owner, null, false, false);
        this.owner = owner;
    }
}
