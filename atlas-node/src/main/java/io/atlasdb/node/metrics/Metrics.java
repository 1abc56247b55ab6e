package io.atlasdb.node.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.DoubleSupplier;

/**
 * The metrics of one node. A metric is made on first use and lives as long as the node; asking again for the same name and
 * labels gives the same one, so labels must come from a small fixed set.
 */
public final class Metrics {
    private final Map<String, Family> families = new ConcurrentSkipListMap<>();

    private record Family(String help, String type, Map<String, Object> byLabels) {}

    /**
     * The counter of that name.
     *
     * @param name {@code atlas_<area>_<thing>_total}
     * @param help one sentence for the reader of a dashboard
     * @param labels names and values in turn
     */
    public Counter counter(String name, String help, String... labels) {
        return (Counter) family(name, help, "counter").computeIfAbsent(text(labels), key -> new Counter());
    }

    /** The histogram of that name, {@code atlas_<area>_<thing>_seconds}. */
    public Histogram histogram(String name, String help, String... labels) {
        return (Histogram) family(name, help, "histogram").computeIfAbsent(text(labels), key -> new Histogram());
    }

    /** A value that is asked for when it is shown; a second registration takes the first one's place. */
    public void gauge(String name, String help, DoubleSupplier value, String... labels) {
        family(name, help, "gauge").put(text(labels), value);
    }

    /** Shows a name before its first value: its labels, the numbers of nodes for one, come up while the node runs. */
    public void declare(String name, String help, String type) {
        family(name, help, type);
    }

    private Map<String, Object> family(String name, String help, String type) {
        if (!name.matches("atlas_[a-z0-9]+(_[a-z0-9]+)*")) {
            throw new IllegalArgumentException("not a metric name: " + name);
        }
        Family family = families.computeIfAbsent(name, key -> new Family(help, type, new ConcurrentSkipListMap<>()));
        if (!family.type.equals(type)) {
            throw new IllegalArgumentException(name + " is a " + family.type + ", not a " + type);
        }
        return family.byLabels;
    }

    private static String text(String... labels) {
        if (labels.length % 2 != 0) {
            throw new IllegalArgumentException("a label without a value: " + labels[labels.length - 1]);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < labels.length; i += 2) {
            String value =
                    labels[i + 1].replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
            text.append(i == 0 ? "" : ",")
                    .append(labels[i])
                    .append("=\"")
                    .append(value)
                    .append('"');
        }
        return text.toString();
    }

    /** All metrics in Prometheus' text format 0.0.4, ordered by name. */
    public String prometheus() {
        StringBuilder text = new StringBuilder();
        families.forEach((name, family) -> {
            text.append("# HELP ").append(name).append(' ').append(family.help).append('\n');
            text.append("# TYPE ").append(name).append(' ').append(family.type).append('\n');
            family.byLabels.forEach((labels, metric) -> print(name, labels, metric, text));
        });
        return text.toString();
    }

    private static void print(String name, String labels, Object metric, StringBuilder text) {
        if (metric instanceof Histogram histogram) {
            histogram.print(name, labels, text);
            return;
        }
        text.append(name).append(labels.isEmpty() ? "" : "{" + labels + "}").append(' ');
        if (metric instanceof Counter counter) {
            text.append(counter.value());
        } else {
            text.append(((DoubleSupplier) metric).getAsDouble());
        }
        text.append('\n');
    }
}
