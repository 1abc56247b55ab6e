package io.atlasdb.node.socket;

import io.atlasdb.sql.access.AccessChange;
import io.atlasdb.sql.access.Identity;
import io.atlasdb.sql.store.LargeValues;
import io.atlasdb.sql.store.Retention;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** Values in a map. */
class FakeKeySpace implements KeySpace {
    final Map<KeyName, byte[]> values = new ConcurrentSkipListMap<>((a, b) -> Arrays.compareUnsigned(
            a.dotted().getBytes(StandardCharsets.UTF_8), b.dotted().getBytes(StandardCharsets.UTF_8)));

    @Override
    public CompletableFuture<?> put(String table, String row, byte[] value, Identity identity, Retention until) {
        values.put(new KeyName(table, row), value);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public Incoming write(String table, String row, long bytes, Identity identity) {
        return new StoringBlob(LargeValues.NONE, bytes, value -> put(table, row, (byte[]) value, identity));
    }

    @Override
    public @Nullable Outgoing read(String table, String row, Identity identity) {
        byte[] value = get(table, row, identity);
        return value == null ? null : new StoredBlob(value);
    }

    @Override
    public byte @Nullable [] get(String table, String row, Identity identity) {
        return values.get(new KeyName(table, row));
    }

    @Override
    public CompletableFuture<?> delete(String table, String row, Identity identity) {
        values.remove(new KeyName(table, row));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void scan(String prefix, Identity identity, Visitor visitor) {
        for (KeyName key : values.keySet()) {
            if (key.dotted().startsWith(prefix) && !visitor.visit(key.table(), key.row())) {
                return;
            }
        }
    }

    @Override
    public CompletableFuture<?> changeRights(
            String table, @Nullable String row, AccessChange change, Identity identity) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public OptionalLong group(String name) {
        boolean known = name.startsWith("ATLAS.")
                || values.keySet().stream().anyMatch(key -> key.table().equals(name));
        return known ? OptionalLong.of(1) : OptionalLong.empty();
    }
}
