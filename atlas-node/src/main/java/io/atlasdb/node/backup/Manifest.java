package io.atlasdb.node.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Placement;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a backup holds.
 *
 * @param version of Atlas that made it
 * @param id of this backup, a UUID
 * @param cluster the name of the cluster that it is of; empty when that has none
 * @param timestamp everything is as it was then; hybrid logical, as {@code Snapshot.timestamp}
 * @param nextId the next number that the cluster would have given to a table or group
 * @param groups by number; group 0 is among them
 * @param large values that stand outside of their rows; nothing until they are counted
 * @param files the data files in their order; empty until they are written
 */
public record Manifest(
        String version,
        String id,
        String cluster,
        long timestamp,
        long nextId,
        SortedMap<Long, Group> groups,
        Large large,
        List<DataFile> files) {
    /** The format that this version writes; it reads this and older ones. */
    static final int FORMAT = 1;

    private static final int COUNTER_BITS = 16;
    private static final String SEAL = ",\n  \"manifest_sha256\": \"";

    /**
     * A group.
     *
     * @param tables their qualified names
     * @param rows with index entries, descriptors and the like; an estimate until they are counted
     * @param bytes of keys and values
     */
    public record Group(List<String> tables, Placement placement, long rows, long bytes) {
        public Group {
            tables = List.copyOf(tables);
        }

        Group counted(long allRows, long allBytes) {
            return new Group(tables, placement, allRows, allBytes);
        }
    }

    /** How many values stand outside of their rows, and their bytes. One that several rows refer to may count more than once. */
    public record Large(long values, long bytes) {
        static final Large NONE = new Large(0, 0);
    }

    /** A file in the folder, its length in bytes, its SHA-256 in hexadecimal, and the chunks in it. */
    public record DataFile(String name, long bytes, String sha256, long chunks) {}

    public Manifest {
        groups = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(groups));
        files = List.copyOf(files);
    }

    Manifest with(SortedMap<Long, Group> counted, Large countedLarge) {
        return new Manifest(version, id, cluster, timestamp, nextId, counted, countedLarge, files);
    }

    Manifest with(List<DataFile> written) {
        return new Manifest(version, id, cluster, timestamp, nextId, groups, large, written);
    }

    /** When it was, to the millisecond. */
    public Instant takenAt() {
        return Instant.ofEpochMilli(timestamp >>> COUNTER_BITS);
    }

    /** Rows of all groups. */
    public long rows() {
        return groups.values().stream().mapToLong(Group::rows).sum();
    }

    /** Bytes of keys and values of all groups. */
    public long bytes() {
        return groups.values().stream().mapToLong(Group::bytes).sum();
    }

    /** How many tables there are. */
    public long tables() {
        return groups.values().stream()
                .mapToLong(group -> group.tables().size())
                .sum();
    }

    /** JSON, the last member of which is the SHA-256 of what stands before it. */
    byte[] encode() {
        StringBuilder json = new StringBuilder("{\n  \"atlas_backup\": ").append(FORMAT);
        member(json, "version", Json.quote(version));
        member(json, "id", Json.quote(id));
        member(json, "cluster", Json.quote(cluster));
        member(json, "timestamp", timestamp);
        member(json, "taken_at", Json.quote(takenAt().toString()));
        member(json, "next_id", nextId);
        member(json, "rows", rows());
        member(json, "bytes", bytes());
        member(json, "large_values", large.values());
        member(json, "large_bytes", large.bytes());
        member(
                json,
                "groups",
                array(groups.entrySet().stream()
                        .map(e -> json(e.getKey(), e.getValue()))
                        .toList()));
        member(json, "files", array(files.stream().map(Manifest::json).toList()));
        String sum = sha256(json.toString().getBytes(UTF_8));
        json.append(SEAL).append(sum).append("\"\n}\n");
        return json.toString().getBytes(UTF_8);
    }

    private static void member(StringBuilder json, String name, Object value) {
        json.append(",\n  \"").append(name).append("\": ").append(value);
    }

    private static String array(List<String> objects) {
        return objects.isEmpty() ? "[]" : objects.stream().collect(Collectors.joining(",\n    ", "[\n    ", "\n  ]"));
    }

    private static String texts(List<String> texts) {
        return texts.stream().map(Json::quote).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String json(long id, Group group) {
        Placement placement = group.placement();
        return "{\"id\": " + id + ", \"tables\": " + texts(group.tables()) + ", \"regions\": "
                + texts(placement.regions()) + ", \"fn\": " + number(placement.fn()) + ", \"fz\": "
                + number(placement.fz()) + ", \"owner_policy\": " + Json.quote(placement.ownerPolicy())
                + ", \"rows\": " + group.rows() + ", \"bytes\": " + group.bytes() + "}";
    }

    private static String number(OptionalInt number) {
        return number.isPresent() ? String.valueOf(number.getAsInt()) : "null";
    }

    private static String json(DataFile file) {
        return "{\"name\": " + Json.quote(file.name()) + ", \"bytes\": " + file.bytes() + ", \"chunks\": "
                + file.chunks() + ", \"sha256\": \"" + file.sha256() + "\"}";
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws io.atlasdb.proto.AtlasException {@code BACKUP_DAMAGED} when it is damaged or a newer version wrote it
     */
    static Manifest decode(byte[] bytes) {
        String text = text(bytes);
        Map<String, @Nullable Object> json = Json.parse(text);
        if (!(json.get("atlas_backup") instanceof Long format)) {
            throw ErrorCode.BACKUP_DAMAGED.error("the manifest is not that of a backup");
        }
        if (format > FORMAT) {
            throw ErrorCode.BACKUP_DAMAGED.error("its format is " + format + " and this version knows " + FORMAT
                    + "; use a newer Atlas, this was made by " + json.get("version"));
        }
        int seal = text.lastIndexOf(SEAL);
        String stated = String.valueOf(json.get("manifest_sha256"));
        if (seal < 0 || !stated.equals(sha256(text.substring(0, seal).getBytes(UTF_8)))) {
            throw ErrorCode.BACKUP_DAMAGED.error("its manifest was changed: the checksum in it is another one");
        }
        try {
            return new Manifest(
                    get(json, "version", String.class),
                    get(json, "id", String.class),
                    get(json, "cluster", String.class),
                    get(json, "timestamp", Long.class),
                    get(json, "next_id", Long.class),
                    groups(json),
                    new Large(get(json, "large_values", Long.class), get(json, "large_bytes", Long.class)),
                    files(json));
        } catch (IllegalArgumentException e) {
            throw ErrorCode.BACKUP_DAMAGED.error(e, "its manifest says " + e.getMessage());
        }
    }

    private static String text(byte[] bytes) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw ErrorCode.BACKUP_DAMAGED.error(e, "its manifest is no text");
        }
    }

    private static SortedMap<Long, Group> groups(Map<String, @Nullable Object> json) {
        SortedMap<Long, Group> groups = new TreeMap<>();
        for (Map<String, @Nullable Object> group : objects(json, "groups")) {
            Placement placement = new Placement(
                    texts(group, "regions"),
                    number(group, "fn"),
                    number(group, "fz"),
                    get(group, "owner_policy", String.class));
            groups.put(
                    get(group, "id", Long.class),
                    new Group(
                            texts(group, "tables"),
                            placement,
                            get(group, "rows", Long.class),
                            get(group, "bytes", Long.class)));
        }
        return groups;
    }

    private static List<DataFile> files(Map<String, @Nullable Object> json) {
        List<DataFile> files = new ArrayList<>();
        for (Map<String, @Nullable Object> file : objects(json, "files")) {
            String name = get(file, "name", String.class);
            if (!name.matches("[a-z0-9-]+\\.[a-z]+")) {
                throw new IllegalArgumentException("the name of a file is " + name);
            }
            files.add(new DataFile(
                    name,
                    get(file, "bytes", Long.class),
                    get(file, "sha256", String.class),
                    get(file, "chunks", Long.class)));
        }
        return files;
    }

    private static List<Map<String, @Nullable Object>> objects(Map<String, @Nullable Object> json, String name) {
        List<Map<String, @Nullable Object>> objects = new ArrayList<>();
        for (Object element : get(json, name, List.class)) {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            if (!(element instanceof Map<?, ?> members)) {
                throw new IllegalArgumentException(name + " holds " + element);
            }
            members.forEach((key, value) -> object.put(String.valueOf(key), value));
            objects.add(object);
        }
        return objects;
    }

    private static List<String> texts(Map<String, @Nullable Object> json, String name) {
        List<String> texts = new ArrayList<>();
        for (Object element : get(json, name, List.class)) {
            texts.add(String.valueOf(element));
        }
        return texts;
    }

    private static OptionalInt number(Map<String, @Nullable Object> json, String name) {
        return json.get(name) == null
                ? OptionalInt.empty()
                : OptionalInt.of(Math.toIntExact(get(json, name, Long.class)));
    }

    private static <T> T get(Map<String, @Nullable Object> json, String name, Class<T> type) {
        Object value = json.get(name);
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException(name + " is " + value);
        }
        return type.cast(value);
    }

    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
