package io.atlasdb.node.demo;

import io.atlasdb.proto.ErrorCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Regions and the round trips between them, milliseconds. Read from CSV lines {@code from,to,rtt_ms}, each pair once; lines that
 * begin with {@code #} and the line of the headings are left out.
 */
public final class Wan {
    /** Inside a region, milliseconds. */
    public static final double INSIDE_MS = 0.4;

    /** The figures that come with Atlas. */
    public static final List<String> PRESETS = List.of("global", "single-continent", "local");

    private static final String LOCAL = "local";
    private static final double RTT_MS_MAX = 10_000;

    private final List<String> regions;
    private final Map<String, Double> ms = new TreeMap<>();

    private Wan(Set<String> regions) {
        this.regions = List.copyOf(regions);
    }

    /**
     * A preset, or the figures of a file.
     *
     * @param wished the regions to take, in this order; empty for all. With {@code local} they may have any name
     * @throws io.atlasdb.proto.AtlasException {@code INVALID_PARAMETER} for a file or a line that cannot be read, or a region
     *     that is not in it
     */
    public static Wan of(String presetOrFile, List<String> wished) {
        if (presetOrFile.equals(LOCAL)) {
            Set<String> names = new LinkedHashSet<>(wished.isEmpty() ? List.of("east", "north", "west") : wished);
            Wan wan = new Wan(names);
            names.forEach(from -> names.forEach(to -> wan.ms.put(key(from, to), INSIDE_MS)));
            return wan;
        }
        List<String[]> pairs = pairs(presetOrFile);
        Set<String> named = new LinkedHashSet<>();
        pairs.forEach(pair -> named.addAll(List.of(pair[0], pair[1])));
        for (String wish : wished) {
            if (!named.contains(wish)) {
                throw ErrorCode.INVALID_PARAMETER.error(
                        "--regions", wish, presetOrFile + " has " + String.join(", ", named));
            }
        }
        Wan wan = new Wan(wished.isEmpty() ? named : new LinkedHashSet<>(wished));
        pairs.forEach(pair -> wan.ms.put(key(pair[0], pair[1]), number(presetOrFile, pair)));
        wan.regions.forEach(from -> wan.regions.forEach(to -> wan.require(presetOrFile, from, to)));
        return wan;
    }

    private static String key(String from, String to) {
        return from.compareTo(to) <= 0 ? from + "," + to : to + "," + from;
    }

    private void require(String source, String from, String to) {
        if (!from.equals(to) && !ms.containsKey(key(from, to))) {
            throw ErrorCode.INVALID_PARAMETER.error("--latency", source, "no figure for " + from + " and " + to);
        }
    }

    private static double number(String source, String[] pair) {
        try {
            double number = Double.parseDouble(pair[2]);
            if (number >= 0 && number <= RTT_MS_MAX) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw ErrorCode.INVALID_PARAMETER.error(e, "--latency", source, "no number of milliseconds: " + pair[2]);
        }
        throw ErrorCode.INVALID_PARAMETER.error("--latency", source, "not from 0 to " + RTT_MS_MAX + ": " + pair[2]);
    }

    private static List<String[]> pairs(String presetOrFile) {
        List<String[]> pairs = new ArrayList<>();
        try (InputStream in = open(presetOrFile);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String text = line.strip();
                if (text.isEmpty() || text.startsWith("#") || text.startsWith("from,")) {
                    continue;
                }
                String[] parts = text.split("\\s*,\\s*");
                if (parts.length != 3 || parts[0].isEmpty() || parts[1].isEmpty()) {
                    throw ErrorCode.INVALID_PARAMETER.error(
                            "--latency", presetOrFile, "lines are from,to,rtt_ms; this one is " + text);
                }
                pairs.add(parts);
            }
        } catch (NoSuchFileException e) {
            throw ErrorCode.INVALID_PARAMETER.error(
                    e, "--latency", presetOrFile, "known are " + String.join(", ", PRESETS) + ", or a CSV file");
        } catch (IOException e) {
            throw ErrorCode.INVALID_PARAMETER.error(e, "--latency", presetOrFile, String.valueOf(e.getMessage()));
        }
        return pairs;
    }

    private static InputStream open(String presetOrFile) throws IOException {
        InputStream preset =
                PRESETS.contains(presetOrFile) ? Wan.class.getResourceAsStream(presetOrFile + ".csv") : null;
        return preset != null ? preset : Files.newInputStream(Path.of(presetOrFile));
    }

    /** The regions, in their order. */
    public List<String> regions() {
        return regions;
    }

    /** The round trip between two regions, milliseconds. */
    public double ms(String from, String to) {
        return from.equals(to) ? INSIDE_MS : ms.getOrDefault(key(from, to), INSIDE_MS);
    }
}
