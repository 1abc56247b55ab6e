package io.atlasdb.node.consensus;

/** How far a member is, as the owner of a ballot knows it. */
final class Progress {
    private static final int DOUBLINGS_MAX = 4;

    /** It holds everything up to this slot as the owner proposed it, forced; 0 while nothing is known. */
    long match;
    /** The newest slot whose Accept it answered with a lease. */
    long leased;
    /** It is believed to hold everything up to this slot, until it says otherwise; the windows begin here. */
    long base;
    /** The next slot to send. */
    long next;
    /** Its commit index. */
    long commit;
    /** When what it has not answered is sent again. */
    long retryAtMs;

    private int tries;
    private long needed;
    private long neededAtMs = Long.MIN_VALUE / 2;

    Progress(long base, long nowMs, long retryMs) {
        this.base = base;
        this.next = base + 1;
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
        next = base + 1;
    }

    /** Whether it has not answered for so long that it is not asked any more until it is heard of. */
    boolean isSilent() {
        return tries > DOUBLINGS_MAX;
    }

    void matches(long slot) {
        match = Math.max(match, slot);
        base = Math.max(base, match);
        next = Math.max(next, match + 1);
    }

    /**
     * It lacks entries from a slot on, and says so for each Accept that does not follow.
     *
     * @return whether they are to be sent, and not on their way since it said the same
     */
    boolean needs(long slot, long nowMs, long againMs) {
        if (slot == needed && next > slot && nowMs - neededAtMs < againMs) {
            return false;
        }
        needed = slot;
        neededAtMs = nowMs;
        base = Math.max(match, slot - 1);
        next = base + 1;
        return true;
    }
}
