package io.atlasdb.node.sim;

/** What must hold at every moment of a run, or at its end; the name under which a run fails. */
enum Invariant {
    ONE_VALUE("one value in each slot"),
    ONE_VALUE_PER_BALLOT("one value in each slot of a ballot"),
    ONE_PROPOSER("one proposer for each ballot"),
    PHASE_1("nothing is proposed without phase 1"),
    HIGHEST("of what phase 1 reports the highest ballot is taken"),
    STOP_SIGN("nothing is proposed above an undecided change of quorums"),
    FORCED("nothing is said before it is forced"),
    REPORTED("a promise reports what is forced"),
    PROMISE("no vote below a promise"),
    VOTE("a vote stands for what was proposed"),
    DURABLE("chosen is durable on a phase-2 quorum"),
    CHAIN("an unbroken chain"),
    TIMESTAMPS("timestamps grow with slots"),
    PROMISED_READS("nothing is written at or below a promised read"),
    CONFIGURATION("a node starts with the quorums of what it has applied"),
    SAME_STATE("equal slots, equal states"),
    ACKNOWLEDGED("what was acknowledged is at every later owner"),
    ONE_LEASE("one lease for each group"),
    LINEARIZABLE("each register's history has an order"),
    SERIALIZABLE("one order explains all transactions"),
    ATOMIC("all of a transaction or nothing"),
    ONCE("a request takes effect once"),
    DECISION("a transaction is committed or aborted, not both"),
    LOCKS("no locks are left"),
    BOUNDED("a quiet group holds little"),
    ALL_DONE("everything gets done after the faults"),
    JUDGE("the history can be judged");

    private final String words;

    Invariant(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
