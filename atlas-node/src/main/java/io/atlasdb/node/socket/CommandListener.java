package io.atlasdb.node.socket;

/** Told what the clients of the socket did, on the threads that answer them: it must not wait. */
@FunctionalInterface
public interface CommandListener {
    /** Nobody listens. */
    CommandListener NONE = (weight, principal, command, object, refusal) -> {};

    /** What a command may do. */
    enum Weight {
        /** It shows something. */
        READ,
        /** It changes values, or the cluster. */
        WRITE,
        /** It changes rights, or as whom the connection acts. */
        ACCESS
    }

    /** Why a command failed. */
    enum Refusal {
        /** It did not. */
        NONE,
        /** For want of a right. */
        DENIED,
        /** For anything else. */
        FAILED
    }

    /**
     * A command was carried out or refused. A read that a right forbids looks like one that found nothing, here as well.
     *
     * @param principal as whom it ran; empty for nobody
     * @param command its words, {@code KEY PUT}
     * @param object the key, prefix, principal or node that it names; never a value
     */
    void ran(Weight weight, String principal, String command, String object, Refusal refusal);
}
