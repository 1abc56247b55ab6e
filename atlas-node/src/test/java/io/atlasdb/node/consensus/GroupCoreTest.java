package io.atlasdb.node.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The core alone, its messages carried by hand. */
class GroupCoreTest {
    private static final Chain CHAIN = (previous, slot, kind, timestamp, payload) ->
            new Hash(previous.high() * 31 + slot, previous.low() * 31 + Arrays.hashCode(payload) + timestamp);

    private static final Settings NO_LEASE = new Settings(0, 250, 1 << 20, 4_096, 256 << 10);

    private final SortedMap<Integer, GroupCore> cores = new TreeMap<>();
    private final SortedMap<Integer, List<Entry>> chosen = new TreeMap<>();
    private final Deque<Runnable> messages = new ArrayDeque<>();
    private final List<Integer> cut = new ArrayList<>();

    @Test
    void aGroupOfOneVoterOwnsItselfAndChoosesInOrder() {
        members(1);
        campaign(1);
        assertThat(core(1).role()).isEqualTo(Role.OWNER);
        propose(1, "a");
        propose(1, "b");
        assertThat(texts(1)).containsExactly("a", "b");
        assertThat(core(1).commitIndex()).isEqualTo(2);
    }

    @Test
    void nothingIsChosenBeforeTheOwnVoteIsForced() {
        members(1);
        campaign(1);
        Effects effects = core(1).propose(0, List.of(entry(1, "a")));
        assertThat(effects.persist).hasSize(1);
        assertThat(effects.chosen).isEmpty();
        assertThat(effects.afterForce).hasSize(1);
    }

    @Test
    void aBallotIsNeverUsedTwiceAfterARestart() {
        GroupCore before = core(members(1), 0, List.of());
        Effects effects = before.campaign(0, Ballot.NONE);
        long round = ((Effects.Durable.Promise) effects.persist.get(0)).ownRound();
        GroupCore after = new GroupCore(
                new Configuration.Voter(1, 1),
                0,
                NO_LEASE,
                CHAIN,
                new Restored(Ballot.NONE, round, 0, members(1), 0, Hash.ZERO, List.of()),
                0);
        assertThat(((Effects.Durable.Promise)
                                after.campaign(0, Ballot.NONE).persist.get(0))
                        .ownRound())
                .isGreaterThan(round);
    }

    @Test
    void aNewOwnerProposesAgainWhatAPhase1QuorumReports() {
        members(3);
        campaign(1);
        cut.add(3);
        propose(1, "a");
        cut.clear();
        cut.add(1);
        campaign(3);
        assertThat(core(3).role()).isEqualTo(Role.OWNER);
        propose(3, "b");
        assertThat(texts(3)).containsExactly("a", "b");
        assertThat(texts(2)).containsExactly("a", "b");
    }

    @Test
    void anOldOwnerStepsDownAtTheFirstNack() {
        members(3);
        campaign(1);
        cut.add(1);
        campaign(2);
        cut.clear();
        propose(1, "lost");
        assertThat(core(1).role()).isEqualTo(Role.FOLLOWER);
        assertThat(texts(1)).doesNotContain("lost");
    }

    @Test
    void anAcceptorThatMissedEntriesAsksForThem() {
        members(3);
        campaign(1);
        cut.add(3);
        propose(1, "a");
        propose(1, "b");
        cut.clear();
        propose(1, "c");
        assertThat(texts(3)).containsExactly("a", "b", "c");
    }

    @Test
    void aTailThatDoesNotFollowIsCut() {
        members(3);
        campaign(1);
        cut.addAll(List.of(2, 3));
        propose(1, "never", "chosen");
        cut.clear();
        cut.add(1);
        campaign(2);
        propose(2, "x");
        cut.clear();
        campaign(3);
        propose(3, "y");
        assertThat(texts(3)).containsExactly("x", "y");
        assertThat(texts(1)).containsExactly("x", "y");
    }

    @Test
    void anOldOwnersOtherValueForAChosenSlotIsNoContradiction() {
        members(3);
        Entry chosenOne = entry(1, "a");
        core(3).receive(0, 2, new Message.Chosen(List.of(chosenOne)));
        Ballot old = new Ballot(1, 1, 1, 0);
        Effects effects = core(3).receive(0, 1, new Message.Accept(old, Hash.ZERO, List.of(entry(1, "b")), 0, 0, 0));
        assertThat(effects.corruption).isNull();
        assertThat(effects.now).hasSize(1);
        assertThat(effects.now.get(0).message()).isInstanceOf(Message.Nack.class);
    }

    @Test
    void aLaterOwnersOtherValueForAChosenSlotIsAContradiction() {
        members(3);
        Entry chosenOne = entry(1, "a");
        Ballot first = new Ballot(1, 1, 1, 0);
        Ballot second = new Ballot(2, 1, 2, 0);
        core(3).receive(0, 1, new Message.Accept(first, Hash.ZERO, List.of(chosenOne), 0, 0, 0));
        core(3).receive(0, 1, new Message.Commit(first, 1, chosenOne.hash(), 0));
        Effects effects = core(3).receive(0, 2, new Message.Accept(second, Hash.ZERO, List.of(entry(1, "b")), 0, 0, 0));
        assertThat(effects.corruption).contains("slot 1 ");
    }

    @Test
    void anOwnerThatLearnsOfAnotherValueForItsProposalIsNoneAnyMore() {
        members(3);
        campaign(1);
        cut.addAll(List.of(2, 3));
        propose(1, "mine", "too");
        core(1).receive(0, 2, new Message.Chosen(List.of(entry(1, "other"))));
        assertThat(core(1).role()).isEqualTo(Role.FOLLOWER);
        assertThat(core(1).nextSlot()).isEqualTo(2);
    }

    @Test
    void aCandidateFetchesWhatIsChosenBeforeItHasAQuorum() {
        // Zones 1 to 3, no zone may fail: phase 1 needs them all, and one of them may be gone since it votes no more.
        List<Configuration.Voter> voters =
                List.of(new Configuration.Voter(1, 1), new Configuration.Voter(2, 2), new Configuration.Voter(3, 3));
        GroupCore candidate = core(new Configuration(voters, 0, 0), 2, List.of());
        candidate.campaign(0, Ballot.NONE);
        Effects effects = candidate.receive(0, 3, new Message.Promise(candidate.ballot(), 1, 0, List.of()));
        assertThat(effects.now).containsExactly(new Effects.Send(3, new Message.Fetch(1)));
    }

    private GroupCore core(int node) {
        return java.util.Objects.requireNonNull(cores.get(node), "node " + node);
    }

    private Configuration members(int count) {
        List<Configuration.Voter> voters = new ArrayList<>();
        for (int node = 1; node <= count; node++) {
            voters.add(new Configuration.Voter(node, 1));
        }
        Configuration configuration = new Configuration(voters, 1, 0);
        for (int node = 1; node <= count; node++) {
            cores.put(node, core(configuration, node, List.of()));
            chosen.put(node, new ArrayList<>());
        }
        return configuration;
    }

    private static GroupCore core(Configuration configuration, int node, List<Message.Accepted> accepted) {
        Configuration.Voter self = new Configuration.Voter(Math.max(node, 1), 1);
        return new GroupCore(
                self, 0, NO_LEASE, CHAIN, new Restored(Ballot.NONE, 0, 0, configuration, 0, Hash.ZERO, accepted), 0);
    }

    private void campaign(int node) {
        carryOut(node, core(node).campaign(0, Ballot.NONE));
    }

    private void propose(int node, String... texts) {
        List<Entry> entries = new ArrayList<>();
        long slot = core(node).nextSlot();
        Hash hash = core(node).tailHash();
        for (String text : texts) {
            byte[] payload = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            hash = CHAIN.next(hash, slot, Entry.Kind.COMMAND, slot, payload);
            entries.add(new Entry(slot, hash, Entry.Kind.COMMAND, slot, payload));
            slot++;
        }
        carryOut(node, core(node).propose(0, entries));
    }

    private Entry entry(long slot, String text) {
        byte[] payload = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return new Entry(
                slot,
                CHAIN.next(Hash.ZERO, slot, Entry.Kind.COMMAND, slot, payload),
                Entry.Kind.COMMAND,
                slot,
                payload);
    }

    private void carryOut(int node, Effects effects) {
        chosen.computeIfAbsent(node, any -> new ArrayList<>()).addAll(effects.chosen);
        for (Effects.Send send : effects.now) {
            send(node, send);
        }
        for (Effects.Send send : effects.afterForce) {
            send(node, send);
        }
        while (!messages.isEmpty()) {
            messages.remove().run();
        }
    }

    private void send(int from, Effects.Send send) {
        if (from == send.node() || (!cut.contains(from) && !cut.contains(send.node()))) {
            messages.add(() -> {
                Effects effects = core(send.node()).receive(0, from, send.message());
                chosen.computeIfAbsent(send.node(), any -> new ArrayList<>()).addAll(effects.chosen);
                effects.now.forEach(next -> send(send.node(), next));
                effects.afterForce.forEach(next -> send(send.node(), next));
            });
        }
    }

    private List<String> texts(int node) {
        return chosen.getOrDefault(node, List.of()).stream()
                .map(entry -> new String(entry.payload(), java.nio.charset.StandardCharsets.UTF_8))
                .toList();
    }
}
