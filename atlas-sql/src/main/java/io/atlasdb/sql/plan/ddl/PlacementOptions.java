package io.atlasdb.sql.plan.ddl;

import io.atlasdb.proto.ErrorCode;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What {@code WITH (…)} says about a table or a group.
 *
 * @param values texts by the option's name in upper case
 */
public record PlacementOptions(SortedMap<String, String> values) {
    /** Nothing was said. */
    public static final PlacementOptions NONE = new PlacementOptions(new TreeMap<>());

    /** The options that tables and groups know. */
    public static final Set<String> KNOWN = Set.of("GROUP", "REGIONS", "FN", "FZ", "OWNER_POLICY", "RETAIN");

    public PlacementOptions {
        values = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /** Collects options while they are read. */
    public static final class Builder {
        private final SortedMap<String, String> values = new TreeMap<>();

        /**
         * Adds an option.
         *
         * @throws io.atlasdb.proto.AtlasException {@code INVALID_DEFINITION} when it stands there twice
         */
        public void add(String name, String value) {
            if (values.put(name.toUpperCase(Locale.ROOT), value) != null) {
                throw ErrorCode.INVALID_DEFINITION.error("option " + name + " is given twice");
            }
        }

        public PlacementOptions build() {
            return new PlacementOptions(values);
        }
    }

    /** As SQL writes it, with a blank before it; empty for none. */
    String sql() {
        return values.isEmpty()
                ? ""
                : values.entrySet().stream()
                        .map(PlacementOptions::option)
                        .collect(Collectors.joining(", ", " WITH (", ")"));
    }

    private static String option(Map.Entry<String, String> option) {
        return option.getKey() + " = '" + option.getValue().replace("'", "''") + "'";
    }
}
