package io.atlasdb.node.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Collects measurements of several systems and prints them as a Markdown table: the median over the rounds with the least and the
 * greatest behind it, and the ratio of the first system to each other taken round by round, since rounds differ more than systems do.
 */
final class Report {
    private record Cell(String operation, int clients) {}

    private final String clientsLabel;
    private final List<String> peers;
    /** In the order in which they were measured. */
    private final Map<Cell, Map<String, List<Measurement>>> cells = new LinkedHashMap<>();

    /**
     * A report over systems.
     *
     * @param clientsLabel what works beside each other: threads, clients
     * @param peers the first is the one whose ratios to the others are printed
     */
    Report(String clientsLabel, List<String> peers) {
        this.clientsLabel = clientsLabel;
        this.peers = List.copyOf(peers);
    }

    /** Adds the measurement of one more round, and says it. */
    void add(String operation, int clients, int round, String peer, Measurement taken, PrintStream out) {
        cells.computeIfAbsent(new Cell(operation, clients), any -> new LinkedHashMap<>())
                .computeIfAbsent(peer, any -> new ArrayList<>())
                .add(taken);
        out.printf(
                Locale.ROOT,
                "%-13s %3d %s  round %d  %-11s %,10.0f ops/s  p50 %.3f ms  p99 %.3f ms%n",
                operation,
                clients,
                clientsLabel,
                round + 1,
                peer,
                taken.opsPerSecond(),
                taken.p50Nanos() / 1e6,
                taken.p99Nanos() / 1e6);
        out.flush();
    }

    /** Prints all that was added. */
    void print(PrintStream out) {
        out.println("| Operation | " + Character.toUpperCase(clientsLabel.charAt(0)) + clientsLabel.substring(1)
                + " | System | ops/s (min–max) | p50 ms | p99 ms | " + peers.get(0) + " / it (min–max) |");
        out.println("|---|---:|---|---:|---:|---:|---:|");
        cells.forEach((cell, measured) -> peers.forEach(peer -> row(out, cell, peer, measured)));
    }

    private void row(PrintStream out, Cell cell, String peer, Map<String, List<Measurement>> measured) {
        List<Measurement> own = measured.getOrDefault(peer, List.of());
        List<Measurement> first = measured.getOrDefault(peers.get(0), List.of());
        List<Double> rates = values(own, Measurement::opsPerSecond);
        Spread ratios = Spread.ratios(values(first, Measurement::opsPerSecond), rates);
        out.printf(
                Locale.ROOT,
                "| %s | %d | %s | %s | %.3f | %.3f | %s |%n",
                cell.operation(),
                cell.clients(),
                peer,
                new Spread(rates).text("%,.0f"),
                new Spread(values(own, Measurement::p50Nanos)).median() / 1e6,
                new Spread(values(own, Measurement::p99Nanos)).median() / 1e6,
                peer.equals(peers.get(0)) ? "" : ratios.text("%.2f"));
    }

    private static List<Double> values(List<Measurement> measured, ToDoubleFunction<Measurement> value) {
        return measured.stream().mapToDouble(value).boxed().toList();
    }
}
