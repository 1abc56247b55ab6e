package io.atlasdb.node.consensus;

/** How far a member is, as the owner of a ballot knows it. */
final class Progress {
    private static final int DOUBLINGS_MAX = 4;

    /** It holds everything up to this slot as the owner proposed it, forced. */
    long match;
    /** The newest slot whose Accept it answered with a lease. */
    long leased;
    /** The next slot to send. */
    long next;
    /** Its commit index. */
    long commit;
    /** When what it has not answered is sent again. */
    long retryAtMs;

    private int tries;

    Progress(long next, long nowMs, long retryMs) {
        this.next = next;
        this.retryAtMs = nowMs + retryMs;
    }

    /** It answered: what is sent from now on gets the whole time again. */
    void heard(long nowMs, long retryMs) {
        tries = 0;
        retryAtMs = nowMs + retryMs;
    }

    /** It is asked again: the next time later than this time. */
    void asked(long nowMs, long retryMs) {
        tries = Math.min(tries + 1, DOUBLINGS_MAX + 1);
        retryAtMs = nowMs + (retryMs << Math.min(tries, DOUBLINGS_MAX));
    }

    /** Whether it has not answered for so long that it is not asked any more until it is heard of. */
    boolean isSilent() {
        return tries > DOUBLINGS_MAX;
    }
}
