package io.atlasdb.node.sim;

import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.consensus.Settings;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run is made of, drawn from its seed.
 *
 * @param nodes with their zones; the first are members of every group, the rest are spare
 * @param members how many are members at first
 * @param clocksInBound whether no clock drifts by more than a lease allows, or jumps
 */
record Plan(
        List<Configuration.Voter> nodes,
        int members,
        int fn,
        int fz,
        int groups,
        int clients,
        Settings settings,
        boolean clocksInBound,
        int lossPerMille,
        int faultEveryMs,
        Theme theme) {
    private static final int NODES_MAX = 9;

    /** What a run has more of than others, since some defects need one thing often. */
    enum Theme {
        MIXED,
        /** Owners that follow each other closely, and leave entries at some members. */
        DUELS,
        /** Changes of members. */
        MEMBERS,
        /** Leases, with nodes that want to own what is owned, and short restarts. */
        LEASES
    }

    static Plan draw(Chance chance) {
        Theme theme = chance.of(List.of(Theme.values()));
        boolean duels = theme == Theme.DUELS;
        int zones = duels ? chance.of(1, 1, 3) : chance.of(1, 1, 2, 3, 3);
        int perZone = duels
                ? (zones == 1 ? chance.of(3, 5) : 1)
                : zones == 1 ? chance.between(1, 5) : zones == 2 ? chance.between(1, 3) : chance.between(1, 2);
        int members = zones * perZone;
        int all = Math.min(NODES_MAX, members + chance.between(1, 2));
        List<Configuration.Voter> nodes = new ArrayList<>();
        for (int node = 1; node <= all; node++) {
            nodes.add(new Configuration.Voter(node, 1 + (node - 1) % zones));
        }
        int fz = zones >= 3 ? chance.between(0, 1) : 0;
        int leaseMs = duels ? 0 : theme == Theme.LEASES ? 100 : chance.of(0, 100, 300);
        Settings settings = new Settings(
                leaseMs,
                chance.of(30, 60, 120),
                duels ? chance.of(1, 1, 200) : chance.of(1, 200, 1 << 20),
                duels ? chance.of(6, 4096) : chance.of(2, 6, 4096),
                chance.of(0, 300, 256 << 10));
        return new Plan(
                nodes,
                members,
                duels ? 2 : chance.between(0, 2),
                fz,
                duels ? 1 : chance.between(1, 3),
                chance.between(2, 5),
                settings,
                chance.percent(theme == Theme.LEASES ? 90 : 70),
                duels ? chance.of(5, 100, 250) : chance.of(0, 5, 30, 150),
                switch (theme) {
                    case MIXED -> chance.of(50, 150, 500, 2_000);
                    case DUELS -> chance.of(4, 8, 20);
                    default -> chance.of(15, 30, 80);
                },
                theme);
    }

    Configuration genesis() {
        return new Configuration(nodes.subList(0, members), fn, fz);
    }

    /** Whether reads from memory are safe: there are none, or no clock breaks the bound that they stand on. */
    boolean readsAreSafe() {
        return settings.leaseMs() == 0 || clocksInBound;
    }
}
