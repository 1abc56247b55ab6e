package io.atlasdb.node.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measurements of several systems as a Markdown table: the median over the rounds with the least and the greatest behind it, and
 * the ratio of the first system to each other, taken round by round.
 */
final class KvReport {
    private record Cell(String operation, int clients) {}

    private final List<String> peers;
    private final Map<Cell, Map<String, List<Measurement>>> cells = new LinkedHashMap<>();

    KvReport(List<String> peers) {
        this.peers = List.copyOf(peers);
    }

    void add(String operation, int clients, String peer, Measurement taken) {
        cells.computeIfAbsent(new Cell(operation, clients), any -> new LinkedHashMap<>())
                .computeIfAbsent(peer, any -> new ArrayList<>())
                .add(taken);
    }

    void print(PrintStream out) {
        out.println("| Operation | Clients | System | ops/s (min–max) | p50 ms | p99 ms | " + peers.get(0)
                + " / it (min–max) |");
        out.println("|---|---:|---|---:|---:|---:|---:|");
        cells.forEach((cell, measured) -> peers.forEach(peer -> row(out, cell, peer, measured)));
    }

    private void row(PrintStream out, Cell cell, String peer, Map<String, List<Measurement>> measured) {
        List<Measurement> own = measured.getOrDefault(peer, List.of());
        List<Measurement> first = measured.getOrDefault(peers.get(0), List.of());
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(own.size(), first.size()) && !peer.equals(peers.get(0)); i++) {
            ratios.add(first.get(i).opsPerSecond() / own.get(i).opsPerSecond());
        }
        out.printf(
                Locale.ROOT,
                "| %s | %d | %s | %s | %.2f | %.2f | %s |%n",
                cell.operation(),
                cell.clients(),
                peer,
                spread(own.stream().map(Measurement::opsPerSecond).toList(), "%,.0f"),
                median(own.stream().map(m -> m.p50Nanos() / 1e6).toList()),
                median(own.stream().map(m -> m.p99Nanos() / 1e6).toList()),
                ratios.isEmpty() ? "" : spread(ratios, "%.2f"));
    }

    private static String spread(List<Double> values, String format) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.isEmpty()
                ? "–"
                : String.format(
                        Locale.ROOT,
                        format + " (" + format + "–" + format + ")",
                        median(sorted),
                        sorted.get(0),
                        sorted.get(sorted.size() - 1));
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        if (sorted.isEmpty()) {
            return 0;
        }
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
