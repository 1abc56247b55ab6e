package io.atlasdb.node.replica;

import io.atlasdb.node.consensus.Entry;
import java.util.List;
import java.util.function.Consumer;

/** What applying an entry is, while running and while recovering alike. */
final class Applying {
    private Applying() {}

    /** Applies one entry. {@code reached} hears of the new position before the applier is told. */
    static Position apply(StateMachine machine, Applier applier, long group, Entry entry, Consumer<Position> reached) {
        Position position = new Position(entry.slot(), entry.hash(), entry.timestamp());
        Applier.Applied applied =
                entry.kind() == Entry.Kind.COMMAND ? applier.apply(group, entry) : new Applier.Applied(List.of(), "");
        machine.apply(group, position, applied.mutations());
        reached.accept(position);
        if (entry.kind() == Entry.Kind.COMMAND) {
            applier.applied(group, entry, applied.outcome());
        }
        return position;
    }
}
