package io.atlasdb.node.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.atlasdb.node.consensus.Hash;
import io.atlasdb.node.replica.Mutation;
import io.atlasdb.node.replica.Mutation.Space;
import io.atlasdb.node.replica.Position;
import io.atlasdb.node.replica.StateMachine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Random entries of one group, each one slot and some timestamps above the one before. */
final class History {
    /** An entry to apply. */
    record Step(Position position, List<Mutation> mutations) {}

    private final RandomGenerator random;
    private final int keys;
    private final List<Step> steps = new ArrayList<>();
    private long timestamp = 10;

    History(RandomGenerator random, int keys) {
        this.random = random;
        this.keys = keys;
    }

    List<Step> steps() {
        return steps;
    }

    long timestamp() {
        return timestamp;
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    static Mutation put(String key, long version, @Nullable String value) {
        return new Mutation(Space.ROWS, bytes(key), version, value == null ? null : bytes(value));
    }

    static Position position(long slot, long timestamp) {
        return new Position(slot, new Hash(slot * 31, slot), timestamp);
    }

    /** Adds an entry; now and then at the timestamp of a version that stands, which it replaces. */
    Step next() {
        timestamp += random.nextInt(10) == 0 ? 0 : 1 + random.nextInt(3);
        TreeMap<byte[], Mutation> mutations = new TreeMap<>(Arrays::compareUnsigned);
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) {
            byte[] key = key();
            byte[] value = random.nextInt(3) == 0 ? null : value();
            mutations.put(key, new Mutation(Space.ROWS, key, timestamp, value));
        }
        List<Mutation> list = new ArrayList<>(mutations.values());
        if (random.nextInt(3) == 0) {
            list.add(new Mutation(Space.META, key(), timestamp, random.nextInt(3) == 0 ? null : value()));
        }
        Step step = new Step(position(steps.size() + 1L, timestamp), list);
        steps.add(step);
        return step;
    }

    byte[] key() {
        byte[] key = bytes("k" + random.nextInt(keys));
        key[0] = (byte) (random.nextInt(2) == 0 ? 0x01 : 0xFF);
        return key;
    }

    private byte[] value() {
        byte[] value = new byte[random.nextInt(20) == 0 ? 3_000 : random.nextInt(40)];
        random.nextBytes(value);
        return value;
    }

    /** Applies the first {@code count} entries. */
    static void apply(StateMachine machine, long group, List<Step> steps, int count) {
        for (Step step : steps.subList((int) machine.applied(group).slot(), count)) {
            machine.apply(group, step.position(), step.mutations());
        }
    }
}
