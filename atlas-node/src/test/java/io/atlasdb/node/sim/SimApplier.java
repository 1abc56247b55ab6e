package io.atlasdb.node.sim;

import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.replica.Applier;
import io.atlasdb.node.replica.Mutation;
import java.nio.ByteBuffer;
import java.util.List;

/** What the entries of the simulation mean. */
final class SimApplier implements Applier {
    private final SimMachine machine;
    private final Listener listener;

    /** Hears what was applied. */
    @FunctionalInterface
    interface Listener {
        void applied(long group, Entry entry, boolean success);
    }

    SimApplier(SimMachine machine, Listener listener) {
        this.machine = machine;
        this.listener = listener;
    }

    @Override
    public Applied apply(long group, Entry entry) {
        Command command = Command.decode(entry.payload());
        boolean success = command.expected() < 0 || machine.register(group, command.key()) == command.expected();
        return new Applied(
                success
                        ? List.of(new Mutation(
                                Mutation.Space.META, bytes(command.key()), entry.timestamp(), bytes(command.value())))
                        : List.of(),
                success);
    }

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    @Override
    public void applied(long group, Entry entry, Object outcome) {
        listener.applied(group, entry, (Boolean) outcome);
    }
}
