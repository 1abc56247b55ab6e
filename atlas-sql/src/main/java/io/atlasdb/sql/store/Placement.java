package io.atlasdb.sql.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.atlasdb.proto.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * Where a group may live, as its user asked for it. It stands in group 0 under {@link #key} before or with the first write to
 * the group, so that whoever forms the group's first members finds it.
 *
 * @param regions the regions whose nodes may hold it; empty for all
 * @param fn node failures in each region that it shall bear; empty for what the cluster is set to
 * @param fz region failures that it shall bear; empty for what the cluster is set to
 * @param ownerPolicy {@code follow}, {@code immediate} or {@code pin:<region>}
 */
public record Placement(List<String> regions, OptionalInt fn, OptionalInt fz, String ownerPolicy) {
    /** What holds for a group that nobody said anything about. */
    public static final Placement DEFAULT =
            new Placement(List.of(), OptionalInt.empty(), OptionalInt.empty(), "follow");

    private static final byte SPACE = 0x15;
    private static final int VERSION = 1;
    private static final int NONE = -1;
    private static final int REGIONS_MAX = 1_000;

    public Placement {
        regions = List.copyOf(regions);
        if (fn.orElse(0) < 0 || fz.orElse(0) < 0) {
            throw new IllegalArgumentException("fn " + fn + ", fz " + fz);
        }
    }

    /** The same with another owner policy. */
    public Placement withOwnerPolicy(String policy) {
        return new Placement(regions, fn, fz, policy);
    }

    /** The key of a group's placement in group 0. */
    public static byte[] key(long group) {
        return ByteBuffer.allocate(1 + Long.BYTES).put(SPACE).putLong(group).array();
    }

    /** The keys of all placements. */
    public static KeyRange all() {
        return KeyRange.prefix(Store.SYSTEM_GROUP, new byte[] {SPACE});
    }

    /** The group whose placement stands under a key. */
    public static long group(byte[] key) {
        return ByteBuffer.wrap(key).getLong(1);
    }

    /** The placement that a snapshot shows for a group. */
    public static Placement read(Snapshot snapshot, long group) {
        byte[] value = snapshot.get(Store.SYSTEM_GROUP, key(group));
        return value == null ? DEFAULT : decode(value);
    }

    /** The placement that a commit writes for a group that begins with it; {@link #DEFAULT} when it says nothing of it. */
    public static Placement written(Commit commit, long group) {
        byte[] key = key(group);
        for (Write write : commit.writes()) {
            byte[] value = write.value();
            if (write.group() == Store.SYSTEM_GROUP && value != null && Arrays.equals(write.key(), key)) {
                return decode(value);
            }
        }
        return DEFAULT;
    }

    /** The stored form: a version, fn and fz (-1 for none), the regions with their count before them, the policy. */
    public byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeInt(fn.orElse(NONE));
            out.writeInt(fz.orElse(NONE));
            out.writeInt(regions.size());
            for (String region : regions) {
                text(out, region);
            }
            text(out, ownerPolicy);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads the stored form.
     *
     * @throws io.atlasdb.proto.AtlasException {@code CORRUPT}
     */
    public static Placement decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readByte();
            OptionalInt fn = number(in.readInt());
            OptionalInt fz = number(in.readInt());
            int count = in.readInt();
            if (version != VERSION || count < 0 || count > REGIONS_MAX) {
                throw ErrorCode.CORRUPT.error("a placement of version " + version + " with " + count + " regions");
            }
            List<String> regions = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                regions.add(text(in));
            }
            return new Placement(regions, fn, fz, text(in));
        } catch (IOException | IllegalArgumentException e) {
            throw ErrorCode.CORRUPT.error(e, "a placement of " + bytes.length + " bytes");
        }
    }

    private static OptionalInt number(int stored) {
        return stored == NONE ? OptionalInt.empty() : OptionalInt.of(stored);
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text.getBytes(UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    private static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IllegalArgumentException("a text of " + length + " bytes");
        }
        return new String(in.readNBytes(length), UTF_8);
    }
}
