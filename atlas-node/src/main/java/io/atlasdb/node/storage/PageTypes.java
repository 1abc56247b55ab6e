package io.atlasdb.node.storage;

import io.atlasdb.node.consensus.Hash;
import io.atlasdb.node.replica.Installation;
import io.atlasdb.node.replica.Position;
import java.nio.ByteBuffer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;

/** The keys and values of the maps. What they write is the format of the file. */
final class PageTypes {
    static final PageType<GroupKey> GROUP_KEY = new GroupKeys();
    static final PageType<VersionKey> HISTORY_KEY = new HistoryKeys();
    static final PageType<VersionKey> GARBAGE_KEY = new GarbageKeys();
    static final PageType<Version> VERSION = new Versions();
    static final PageType<byte[]> BYTES = new Bytes();
    static final PageType<Long> GROUP = new Longs(true);
    static final PageType<Long> TIMESTAMP = new Longs(false);
    static final PageType<Position> POSITION = new Positions();
    static final PageType<Installation> INSTALLATION = new Installations();

    /** Heap bytes of an object with two fields, and of an array without its content; sizes decide when a page is split. */
    private static final int OBJECT_BYTES = 24;

    private static final int ARRAY_BYTES = 16;

    private PageTypes() {}

    private static final class GroupKeys extends PageType<GroupKey> {
        GroupKeys() {
            super(true);
        }

        @Override
        public int compare(GroupKey a, GroupKey b) {
            return GroupKey.compare(a, b);
        }

        @Override
        public int getMemory(GroupKey key) {
            return OBJECT_BYTES + ARRAY_BYTES + key.key().length;
        }

        @Override
        public void write(WriteBuffer buffer, GroupKey key) {
            buffer.putVarLong(key.group());
            putBytes(buffer, key.key());
        }

        @Override
        public GroupKey read(ByteBuffer buffer) {
            return new GroupKey(DataUtils.readVarLong(buffer), getBytes(buffer));
        }

        @Override
        GroupKey[] array(int size) {
            return new GroupKey[size];
        }
    }

    private abstract static class VersionKeys extends PageType<VersionKey> {
        VersionKeys() {
            super(true);
        }

        @Override
        public int getMemory(VersionKey key) {
            return OBJECT_BYTES + Long.BYTES + ARRAY_BYTES + key.key().length;
        }

        @Override
        public void write(WriteBuffer buffer, VersionKey key) {
            buffer.putVarLong(key.group());
            putBytes(buffer, key.key());
            buffer.putLong(key.version());
        }

        @Override
        public VersionKey read(ByteBuffer buffer) {
            return new VersionKey(DataUtils.readVarLong(buffer), getBytes(buffer), buffer.getLong());
        }

        @Override
        VersionKey[] array(int size) {
            return new VersionKey[size];
        }
    }

    private static final class HistoryKeys extends VersionKeys {
        @Override
        public int compare(VersionKey a, VersionKey b) {
            return VersionKey.compareInHistory(a, b);
        }
    }

    private static final class GarbageKeys extends VersionKeys {
        @Override
        public int compare(VersionKey a, VersionKey b) {
            return VersionKey.compareInGarbage(a, b);
        }
    }

    private static final class Versions extends PageType<Version> {
        Versions() {
            super(false);
        }

        /** Only whether it is the same version of a key: the collector removes a tombstone if it is still that one. */
        @Override
        public int compare(Version a, Version b) {
            return a.version() != b.version()
                    ? Long.compare(a.version(), b.version())
                    : Boolean.compare(a.removed(), b.removed());
        }

        @Override
        public int getMemory(Version version) {
            byte[] value = version.value();
            return OBJECT_BYTES + (value == null ? 0 : ARRAY_BYTES + value.length);
        }

        @Override
        public void write(WriteBuffer buffer, Version version) {
            byte[] value = version.value();
            buffer.putLong(version.version());
            if (value == null) {
                buffer.put((byte) 0);
            } else {
                buffer.put((byte) 1);
                putBytes(buffer, value);
            }
        }

        @Override
        public Version read(ByteBuffer buffer) {
            long version = buffer.getLong();
            byte kind = buffer.get();
            if (kind != 0 && kind != 1) {
                throw corrupt("unknown kind of version " + kind);
            }
            return new Version(version, kind == 0 ? null : getBytes(buffer));
        }

        @Override
        Version[] array(int size) {
            return new Version[size];
        }
    }

    private static final class Bytes extends PageType<byte[]> {
        Bytes() {
            super(false);
        }

        @Override
        public int getMemory(byte[] value) {
            return ARRAY_BYTES + value.length;
        }

        @Override
        public void write(WriteBuffer buffer, byte[] value) {
            putBytes(buffer, value);
        }

        @Override
        public byte[] read(ByteBuffer buffer) {
            return getBytes(buffer);
        }

        @Override
        byte[][] array(int size) {
            return new byte[size][];
        }
    }

    private static final class Longs extends PageType<Long> {
        Longs(boolean keys) {
            super(keys);
        }

        @Override
        public int compare(Long a, Long b) {
            return Long.compare(a, b);
        }

        @Override
        public int getMemory(Long value) {
            return OBJECT_BYTES;
        }

        @Override
        public void write(WriteBuffer buffer, Long value) {
            buffer.putLong(value);
        }

        @Override
        public Long read(ByteBuffer buffer) {
            return buffer.getLong();
        }

        @Override
        Long[] array(int size) {
            return new Long[size];
        }
    }

    private static final class Positions extends PageType<Position> {
        Positions() {
            super(false);
        }

        @Override
        public int getMemory(Position value) {
            return 2 * OBJECT_BYTES + 2 * Long.BYTES;
        }

        @Override
        public void write(WriteBuffer buffer, Position position) {
            buffer.putLong(position.slot())
                    .putLong(position.hash().high())
                    .putLong(position.hash().low())
                    .putLong(position.timestamp());
        }

        @Override
        public Position read(ByteBuffer buffer) {
            long slot = buffer.getLong();
            Hash hash = new Hash(buffer.getLong(), buffer.getLong());
            return new Position(slot, hash, buffer.getLong());
        }

        @Override
        Position[] array(int size) {
            return new Position[size];
        }
    }

    private static final class Installations extends PageType<Installation> {
        Installations() {
            super(false);
        }

        @Override
        public int compare(Installation a, Installation b) {
            return Long.compare(a.position().slot(), b.position().slot());
        }

        @Override
        public int getMemory(Installation value) {
            return 4 * OBJECT_BYTES + ARRAY_BYTES + value.configuration().length;
        }

        @Override
        public void write(WriteBuffer buffer, Installation value) {
            buffer.put((byte) (value.complete() ? 1 : 0));
            POSITION.write(buffer, value.position());
            buffer.putLong(value.floor());
            putBytes(buffer, value.configuration());
        }

        @Override
        public Installation read(ByteBuffer buffer) {
            boolean complete = buffer.get() != 0;
            Position position = POSITION.read(buffer);
            return new Installation(complete, position, buffer.getLong(), getBytes(buffer));
        }

        @Override
        Installation[] array(int size) {
            return new Installation[size];
        }
    }
}
