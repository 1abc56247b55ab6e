package io.atlasdb.node.transport;

import io.atlasdb.node.consensus.Ballot;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.consensus.Hash;
import io.atlasdb.node.consensus.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Messages with any numbers in them. */
final class RandomMessages {
    private static final int KINDS = 14;

    private RandomMessages() {}

    static Message any(RandomGenerator random) {
        return switch (random.nextInt(KINDS)) {
            case 0 -> new Message.Prepare(ballot(random), random.nextLong(), ballot(random));
            case 1 -> new Message.Promise(ballot(random), random.nextLong(), random.nextLong(), accepted(random));
            case 2 -> new Message.LeaseHeld(ballot(random), random.nextLong());
            case 3 ->
                new Message.Accept(
                        ballot(random),
                        hash(random),
                        entries(random),
                        random.nextLong(),
                        random.nextLong(),
                        random.nextLong());
            case 4 -> new Message.Vote(ballot(random), random.nextLong(), random.nextLong(), random.nextBoolean());
            case 5 -> new Message.Nack(ballot(random), ballot(random));
            case 6 -> new Message.Need(ballot(random), random.nextLong());
            case 7 -> new Message.Commit(ballot(random), random.nextLong(), hash(random), random.nextLong());
            case 8 -> new Message.Confirm(ballot(random), random.nextLong(), random.nextLong(), random.nextLong());
            case 9 -> new Message.Confirmed(ballot(random), random.nextLong());
            case 10 -> new Message.Fetch(random.nextLong());
            case 11 -> new Message.Chosen(entries(random));
            case 12 -> new Message.Compacted(random.nextLong());
            default -> new Message.HandOver(ballot(random), random.nextLong());
        };
    }

    static Ballot ballot(RandomGenerator random) {
        return random.nextInt(8) == 0
                ? Ballot.NONE
                : new Ballot(random.nextLong(), random.nextInt(), random.nextInt(), random.nextInt());
    }

    private static Hash hash(RandomGenerator random) {
        return new Hash(random.nextLong(), random.nextLong());
    }

    static Entry entry(RandomGenerator random, int bytes) {
        byte[] payload = new byte[bytes];
        random.nextBytes(payload);
        Entry.Kind kind = Entry.Kind.values()[random.nextInt(Entry.Kind.values().length)];
        return new Entry(random.nextLong(), hash(random), kind, random.nextLong(), payload);
    }

    private static List<Entry> entries(RandomGenerator random) {
        List<Entry> entries = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            entries.add(entry(random, random.nextInt(300)));
        }
        return entries;
    }

    private static List<Message.Accepted> accepted(RandomGenerator random) {
        return entries(random).stream()
                .map(entry -> new Message.Accepted(ballot(random), entry))
                .toList();
    }
}
