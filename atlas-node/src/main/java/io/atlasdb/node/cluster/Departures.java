package io.atlasdb.node.cluster;

import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.consensus.Hash;
import io.atlasdb.node.replica.Link;
import io.atlasdb.node.replica.Position;
import io.atlasdb.node.replica.Replica;
import io.atlasdb.node.replica.Replicas;
import io.atlasdb.sql.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the data of groups that this node has left. {@link #tick} is called by one thread and never waits.
 *
 * <p>Invariant: data go only when all voters of a committed configuration without this node say, twice and some time apart, that
 * they have applied it. Then no quorum of any earlier configuration can be formed of nodes that do not know of it, whatever
 * this node forgets, and what it held is held by all of them.
 */
final class Departures {
    private static final Logger LOG = LoggerFactory.getLogger(Departures.class);
    private static final long ASK_MS = 3_000;
    /** Between the two times, so that what was applied is forced by then as well. */
    private static final long SETTLE_MS = 3_000;
    /** Between two looks at all groups while group 0 does not change. */
    private static final int ROUNDS_QUIET = 20;
    /** Groups that are asked about at a time. */
    private static final int ASKED_MAX = 16;

    private final int self;
    private final Replicas replicas;
    private final Link link;
    private final Placement placement;
    private final LongSupplier nowMs;
    private long seenSlot;
    private int rounds;
    private final Map<Long, Look> looks = new ConcurrentHashMap<>();

    /**
     * What is known of a group that this node may have left.
     *
     * @param members the newest configuration that was told of
     * @param sinceMs when all of these agreed for the first time; negative while they do not
     * @param asking whether answers are awaited
     */
    private record Look(Configuration members, long sinceMs, boolean asking) {}

    /** Where a member of a group is: what it has applied, and the members there. */
    record Standing(Position position, Configuration members) {
        byte[] encode() {
            return Codec.write(out -> {
                byte[] configuration = members.encode();
                out.writeLong(position.slot());
                out.writeLong(position.hash().high());
                out.writeLong(position.hash().low());
                out.writeLong(position.timestamp());
                out.writeInt(configuration.length);
                out.write(configuration);
            });
        }

        static Standing decode(byte[] bytes) {
            return Codec.read(bytes, in -> {
                Position position = new Position(in.readLong(), new Hash(in.readLong(), in.readLong()), in.readLong());
                return new Standing(position, Configuration.decode(in.readNBytes(in.readInt())));
            });
        }

        /** Completes with nothing when the node has no state of the group. */
        static CompletableFuture<byte[]> of(@Nullable Replica replica) {
            CompletableFuture<byte[]> answer = new CompletableFuture<>();
            if (replica == null) {
                answer.complete(new byte[0]);
            } else {
                replica.execute(() -> {
                    Configuration members = replica.appliedConfiguration();
                    answer.complete(
                            members == null || replica.isInstalling()
                                    ? new byte[0]
                                    : new Standing(replica.applied(), members).encode());
                });
            }
            return answer;
        }
    }

    Departures(int self, Replicas replicas, Link link, Placement placement, LongSupplier nowMs) {
        this.self = self;
        this.replicas = replicas;
        this.link = link;
        this.placement = placement;
        this.nowMs = nowMs;
    }

    /** Looks at the groups of this node, which stands in a region. */
    void tick(String region) {
        Replica system = replicas.find(Store.SYSTEM_GROUP);
        long slot = system == null ? 0 : system.applied().slot();
        boolean all = slot != seenSlot || ++rounds % ROUNDS_QUIET == 0;
        seenSlot = slot;
        for (Replica replica : replicas.all()) {
            Configuration known = replica.configuration();
            if (replica.group() == Store.SYSTEM_GROUP || replica.isDeparted() || known == null) {
                continue;
            }
            if (known.hasMember(self) && !all && !looks.containsKey(replica.group())) {
                continue; // nobody has said anything of any group
            }
            if (known.hasMember(self) && mayBeIn(region, replica.group())) {
                looks.remove(replica.group());
                continue;
            }
            Look look = looks.getOrDefault(replica.group(), new Look(known, -1, false));
            if (!look.asking() && looks.values().stream().filter(Look::asking).count() < ASKED_MAX) {
                ask(replica, look);
            }
        }
    }

    private boolean mayBeIn(String region, long group) {
        List<String> regions = placement.of(group).regions();
        return regions.isEmpty() || regions.stream().anyMatch(region::equalsIgnoreCase);
    }

    private void ask(Replica replica, Look look) {
        looks.put(replica.group(), new Look(look.members(), look.sinceMs(), true));
        byte[] question = new ClusterMessage.AskStanding(replica.group()).encode();
        List<CompletableFuture<byte[]>> answers = new ArrayList<>();
        for (Configuration.Voter voter : look.members().voters()) {
            if (voter.node() != self) {
                answers.add(link.call(voter.node(), Link.Service.CLUSTER, question, ASK_MS)
                        .exceptionally(unreachable -> new byte[0]));
            }
        }
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).whenComplete((all, failure) -> {
            List<Standing> standings = new ArrayList<>();
            for (CompletableFuture<byte[]> answer : answers) {
                byte[] bytes = answer.join();
                if (bytes.length > 0) {
                    standings.add(Standing.decode(bytes));
                }
            }
            looks.put(replica.group(), weigh(replica, look, standings));
        });
    }

    private Look weigh(Replica replica, Look look, List<Standing> standings) {
        Standing newest = null;
        for (Standing one : standings) {
            newest = newest == null || one.position().slot() > newest.position().slot() ? one : newest;
        }
        if (newest == null) {
            return new Look(look.members(), -1, false);
        }
        Configuration members = newest.members();
        boolean agreed = !members.hasMember(self)
                && nodes(members).equals(nodes(look.members()))
                && standings.size() == members.voters().size()
                && standings.stream().allMatch(one -> one.members().hasSameQuorums(members));
        if (!agreed) {
            return new Look(members, -1, false);
        }
        if (look.sinceMs() < 0) {
            return new Look(members, nowMs.getAsLong(), false);
        }
        if (nowMs.getAsLong() - look.sinceMs() >= SETTLE_MS) {
            depart(replica, newest);
        }
        return new Look(members, look.sinceMs(), false);
    }

    private static Set<Integer> nodes(Configuration members) {
        return members.voters().stream().map(Configuration.Voter::node).collect(Collectors.toCollection(TreeSet::new));
    }

    private void depart(Replica replica, Standing standing) {
        replicas.depart(replica.group(), standing.position(), standing.members())
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        LOG.error(
                                "the data of group {}, which this node left, could not be removed",
                                replica.group(),
                                failure);
                    } else if (done) {
                        LOG.info(
                                "group {} is at nodes {} only; its data were removed here",
                                replica.group(),
                                nodes(standing.members()));
                    }
                });
    }
}
