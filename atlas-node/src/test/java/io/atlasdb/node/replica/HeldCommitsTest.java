package io.atlasdb.node.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.node.consensus.Ballot;
import io.atlasdb.node.consensus.Hash;
import io.atlasdb.node.consensus.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** News of what is chosen, which wait a moment for the next entries. */
class HeldCommitsTest {
    private static final Ballot BALLOT = new Ballot(1, 1, 1, 1);

    private final Deque<Runnable> later = new ArrayDeque<>();
    private final List<String> sent = new ArrayList<>();
    private final HeldCommits commits = new HeldCommits(
            new Loop(new Waiting(), new MemoryJournal(new ArrayList<>())),
            (to, message) -> sent.add(to + " " + message.getClass().getSimpleName()
                    + (message instanceof Message.Commit commit ? " " + commit.slot() : "")));

    /** A loop whose time does not go on by itself. */
    private final class Waiting implements Driver {
        @Override
        public void start(Runnable endOfRound) {}

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public void later(long delayMs, Runnable task) {
            later.add(task);
        }

        @Override
        public long nowMs() {
            return 0;
        }

        @Override
        public void close() {}
    }

    private static Message commit(long slot) {
        return new Message.Commit(BALLOT, slot, new Hash(1, slot), 0);
    }

    private static Message accept() {
        return new Message.Accept(BALLOT, Hash.ZERO, List.of(), 1, 0, 0);
    }

    @Test
    void theNewestNewsGoToEachMemberOnceTheMomentIsOver() {
        commits.send(2, commit(1));
        commits.send(3, commit(1));
        commits.send(2, commit(2));
        assertThat(sent).isEmpty();
        assertThat(later).as("one moment for all").hasSize(1);
        later.remove().run();
        assertThat(sent).containsExactly("2 Commit 2", "3 Commit 1");
        commits.send(2, commit(3));
        assertThat(later).hasSize(1);
    }

    @Test
    void entriesThatComeMeanwhileBringTheNewsThemselves() {
        commits.send(2, commit(1));
        commits.send(3, commit(1));
        commits.send(2, accept());
        later.remove().run();
        assertThat(sent).containsExactly("2 Accept", "3 Commit 1");
    }

    @Test
    void nothingElseIsHeldBack() {
        commits.send(2, new Message.Vote(BALLOT, 1, 1, true));
        assertThat(sent).containsExactly("2 Vote");
        assertThat(later).isEmpty();
    }
}
