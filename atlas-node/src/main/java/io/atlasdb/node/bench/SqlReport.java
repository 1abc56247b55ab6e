package io.atlasdb.node.bench;

import io.atlasdb.node.bench.SqlWorkload.Operation;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Collects measurements and prints them as Markdown tables: the median over the rounds with the least and the greatest
 * behind it, and the ratio of Atlas to each peer taken round by round, since rounds differ more than systems do.
 */
final class SqlReport {
    private record Cell(Operation operation, int threads, String peer) {}

    private final List<String> peers;
    private final Map<Cell, List<Measurement>> rounds = new HashMap<>();

    /** A report over servers; the first is the one whose ratios to the others are printed. */
    SqlReport(List<String> peers) {
        this.peers = List.copyOf(peers);
    }

    /** Adds the measurement of one more round. */
    void add(Operation operation, int threads, String peer, Measurement measurement) {
        rounds.computeIfAbsent(new Cell(operation, threads, peer), cell -> new ArrayList<>())
                .add(measurement);
    }

    /** Prints the rows of all operations and numbers of threads. */
    void print(PrintStream out, List<Operation> operations, List<Integer> threads) {
        out.print("| Operation | Threads | System | ops/s (min–max) | p50 ms | p99 ms | ");
        out.println(peers.get(0) + " / it (min–max) |");
        out.println("|---|---:|---|---:|---:|---:|---:|");
        for (int count : threads) {
            for (Operation operation : operations) {
                for (String peer : peers) {
                    row(out, new Cell(operation, count, peer));
                }
            }
        }
    }

    private void row(PrintStream out, Cell cell) {
        List<Measurement> measured = rounds.getOrDefault(cell, List.of());
        out.printf(
                Locale.ROOT,
                "| %s | %d | %s | %s | %.3f | %.3f | %s |%n",
                cell.operation().label(),
                cell.threads(),
                cell.peer(),
                spread(values(measured, Measurement::opsPerSecond), "%,.0f"),
                median(values(measured, Measurement::p50Nanos)) / 1e6,
                median(values(measured, Measurement::p99Nanos)) / 1e6,
                cell.peer().equals(peers.get(0)) ? "" : spread(ratios(cell), "%.2f"));
    }

    private List<Double> ratios(Cell cell) {
        List<Measurement> ours =
                rounds.getOrDefault(new Cell(cell.operation(), cell.threads(), peers.get(0)), List.of());
        List<Measurement> theirs = rounds.getOrDefault(cell, List.of());
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
            ratios.add(ours.get(i).opsPerSecond() / theirs.get(i).opsPerSecond());
        }
        return ratios;
    }

    private static List<Double> values(List<Measurement> measured, ToDoubleFunction<Measurement> value) {
        return measured.stream().mapToDouble(value).boxed().toList();
    }

    private static String spread(List<Double> values, String format) {
        if (values.isEmpty()) {
            return "–";
        }
        double min = values.stream().min(Comparator.naturalOrder()).orElse(0.0);
        double max = values.stream().max(Comparator.naturalOrder()).orElse(0.0);
        return String.format(Locale.ROOT, format + " (" + format + "–" + format + ")", median(values), min, max);
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
