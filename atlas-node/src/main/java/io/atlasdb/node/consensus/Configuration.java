package io.atlasdb.node.consensus;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The members of a group and the failures that it tolerates (WPaxos §2.2, grid quorums).
 *
 * <p>With n voters in a zone, {@code f = min(fn, ⌊(n−1)/2⌋)} of them may fail. A phase-1 quorum holds f + 1 voters in each of
 * Z − fz zones, a phase-2 quorum n − f voters in each of fz + 1 zones. Invariant: every phase-1 quorum meets every phase-2
 * quorum, since they share a zone and in it a voter.
 *
 * @param voters at least one
 * @param learners nodes that get every entry and do not vote
 * @param fn node failures tolerated in each zone
 * @param fz zone failures tolerated; fewer than half the zones
 * @param readCeiling no owner before this configuration promised a read at a timestamp above it; the quorums that were told of
 *     such promises may be others now
 */
public record Configuration(List<Voter> voters, List<Voter> learners, int fn, int fz, long readCeiling) {
    private static final int VERSION = 3;
    private static final int HEADER_BYTES = 28;

    /** A member and its zone. */
    public record Voter(int node, int zone) {}

    public Configuration {
        voters = List.copyOf(voters);
        learners = List.copyOf(learners);
        if (voters.isEmpty() || fn < 0 || fz < 0) {
            throw new IllegalArgumentException("voters " + voters + ", fn " + fn + ", fz " + fz);
        }
        long zones = voters.stream().mapToInt(Voter::zone).distinct().count();
        if (zones < 2L * fz + 1) {
            throw new IllegalArgumentException(
                    fz + " zone failures need at least " + (2 * fz + 1) + " zones, there are " + zones);
        }
        Set<Integer> nodes = new TreeSet<>();
        voters.forEach(voter -> nodes.add(voter.node()));
        learners.forEach(learner -> nodes.add(learner.node()));
        if (nodes.size() != voters.size() + learners.size()) {
            throw new IllegalArgumentException("a node stands twice in " + voters + " and " + learners);
        }
    }

    public Configuration(List<Voter> voters, List<Voter> learners, int fn, int fz) {
        this(voters, learners, fn, fz, 0);
    }

    public Configuration(List<Voter> voters, int fn, int fz) {
        this(voters, List.of(), fn, fz);
    }

    /** The same with another ceiling. */
    public Configuration withReadCeiling(long ceiling) {
        return new Configuration(voters, learners, fn, fz, ceiling);
    }

    /** Whether these nodes form a phase-1 quorum; nodes that do not vote are ignored. */
    public boolean isPhase1(Set<Integer> nodes) {
        return zonesSatisfied(nodes, true) >= sizes().size() - fz;
    }

    /** Whether these nodes form a phase-2 quorum; nodes that do not vote are ignored. */
    public boolean isPhase2(Set<Integer> nodes) {
        return zonesSatisfied(nodes, false) >= fz + 1;
    }

    /** Whether the node votes. */
    public boolean hasVoter(int node) {
        return voters.stream().anyMatch(voter -> voter.node() == node);
    }

    /** Whether the node votes or learns. */
    public boolean hasMember(int node) {
        return hasVoter(node) || learners.stream().anyMatch(learner -> learner.node() == node);
    }

    /** All members, voters and learners, by number. */
    public SortedSet<Integer> members() {
        SortedSet<Integer> members = new TreeSet<>();
        voters.forEach(voter -> members.add(voter.node()));
        learners.forEach(learner -> members.add(learner.node()));
        return members;
    }

    /** Whether quorums are the same ones. */
    public boolean hasSameQuorums(Configuration other) {
        return fn == other.fn && fz == other.fz && Set.copyOf(voters).equals(Set.copyOf(other.voters));
    }

    /** Voters by zone. */
    public SortedMap<Integer, Integer> sizes() {
        SortedMap<Integer, Integer> sizes = new TreeMap<>();
        voters.forEach(voter -> sizes.merge(voter.zone(), 1, Integer::sum));
        return sizes;
    }

    private int zonesSatisfied(Set<Integer> nodes, boolean phase1) {
        int satisfied = 0;
        for (var zone : sizes().entrySet()) {
            int size = zone.getValue();
            int failures = Math.min(fn, (size - 1) / 2);
            int present = 0;
            for (Voter voter : voters) {
                if (voter.zone() == zone.getKey() && nodes.contains(voter.node())) {
                    present++;
                }
            }
            if (present >= (phase1 ? failures + 1 : size - failures)) {
                satisfied++;
            }
        }
        return satisfied;
    }

    /**
     * The stored form: version 3, fn, fz, the ceiling (64 bits), voters, learners; each list a count, then (node, zone) each.
     * Numbers of 32 bits but for that one.
     */
    public byte[] encode() {
        ByteBuffer buffer = ByteBuffer.allocate(HEADER_BYTES + 8 * (voters.size() + learners.size()));
        buffer.putInt(VERSION).putInt(fn).putInt(fz).putLong(readCeiling);
        put(buffer, voters);
        put(buffer, learners);
        return buffer.array();
    }

    /**
     * Reads the stored form.
     *
     * @throws IllegalArgumentException when it is of another version or not a configuration
     */
    public static Configuration decode(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int version = bytes.length < HEADER_BYTES ? 0 : buffer.getInt();
        if (version != VERSION) {
            throw new IllegalArgumentException(
                    "configuration of version " + version + "; this node knows version " + VERSION);
        }
        int fn = buffer.getInt();
        int fz = buffer.getInt();
        long readCeiling = buffer.getLong();
        List<Voter> voters = take(buffer);
        return new Configuration(voters, take(buffer), fn, fz, readCeiling);
    }

    private static void put(ByteBuffer buffer, List<Voter> members) {
        buffer.putInt(members.size());
        members.forEach(member -> buffer.putInt(member.node()).putInt(member.zone()));
    }

    private static List<Voter> take(ByteBuffer buffer) {
        List<Voter> members = new ArrayList<>();
        for (int i = buffer.getInt(); i > 0; i--) {
            members.add(new Voter(buffer.getInt(), buffer.getInt()));
        }
        return members;
    }
}
