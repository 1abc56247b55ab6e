package io.atlasdb.node.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.LargeValue;
import io.atlasdb.sql.store.LargeValues.Download;
import io.atlasdb.sql.store.LargeValues.Upload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a folder of chunks keeps, and what it lets go, whatever happens in between. */
@SuppressWarnings("NullAway.Init")
class BlobsTest {
    private static final int GRACE_MS = 1_000;
    private static final BlobOptions OPTIONS = new BlobOptions(0, GRACE_MS, 60_000, 60_000, 1 << 20);

    @TempDir
    private Path folder = Path.of("");

    private final AtomicLong nowMs = new AtomicLong(1_000_000);
    private final List<LargeValue> referred = new ArrayList<>();
    private final List<LargeValue> underWay = new ArrayList<>();
    private final Referrers referrers = new Referrers() {
        @Override
        public CompletableFuture<Void> underWay(BiConsumer<Long, LargeValue> sink) {
            underWay.forEach(value -> sink.accept(1L, value));
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void applied(BiConsumer<Long, LargeValue> sink) {
            referred.forEach(value -> sink.accept(1L, value));
        }
    };

    private final List<AutoCloseable> opened = new ArrayList<>();
    private ChunkStore store;

    @BeforeEach
    void open() {
        store = open(ChunkDisk.REAL);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
    }

    private ChunkStore open(ChunkDisk disk) {
        return ChunkStore.open(folder.resolve("blobs"), disk, nowMs::get, 0);
    }

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static void add(Upload upload, byte[] value) {
        for (int at = 0; at < value.length; at += LargeValue.CHUNK_BYTES) {
            upload.add(value, at, Math.min(LargeValue.CHUNK_BYTES, value.length - at));
        }
    }

    private LargeValue put(byte[] value) {
        try (Upload upload = new Uploading(store, value.length)) {
            add(upload, value);
            return upload.finish();
        }
    }

    private byte[] get(LargeValue value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (ChunkName name : ChunkName.of(value)) {
            byte[] chunk = store.read(name);
            if (chunk == null) {
                throw Blobs.missing(name);
            }
            bytes.writeBytes(chunk);
        }
        return bytes.toByteArray();
    }

    private int sweep() throws Exception {
        return new Sweep(store, referrers, nowMs::get, GRACE_MS).run();
    }

    private long files() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("blobs"))) {
            return all.filter(Files::isRegularFile).count();
        }
    }

    @Test
    void whatNothingRefersToGoesAfterTheTimeOfGrace() throws Exception {
        LargeValue kept = put(random(3 << 20, 1));
        LargeValue inFlight = put(random(1 << 20, 2));
        put(random(2 << 20, 3));
        referred.add(kept);
        underWay.add(inFlight);
        assertThat(sweep()).as("within the time of grace").isZero();
        nowMs.addAndGet(GRACE_MS + 1);
        assertThat(sweep()).isEqualTo(2);
        assertThat(get(kept)).isEqualTo(random(3 << 20, 1));
        assertThat(get(inFlight)).isEqualTo(random(1 << 20, 2));
        referred.clear();
        assertThat(sweep()).as("it was referred to for long").isEqualTo(3);
    }

    @Test
    void transfersProtectTheirChunksForAsLongAsTheyLast() throws Exception {
        byte[] value = random(2 << 20, 4);
        LargeValue stored = put(value);
        nowMs.addAndGet(GRACE_MS + 1);
        Downloading download = new Downloading(store, stored, name -> store.read(name));
        Uploading upload = new Uploading(store, 1 << 20);
        upload.add(random(1 << 20, 5), 0, 1 << 20);
        LargeValue other = upload.finish();
        nowMs.addAndGet(10 * GRACE_MS);
        assertThat(sweep()).isZero();
        assertThat(download.chunk(1)).hasSize(1 << 20);
        download.close();
        upload.close();
        assertThat(sweep()).as("just let go").isZero();
        nowMs.addAndGet(GRACE_MS + 1);
        assertThat(sweep()).isEqualTo(3);
        assertThatThrownBy(() -> get(other)).isInstanceOf(AtlasException.class);
    }

    @Test
    void theSameContentIsPutAndRemovedAtOnceAndNeverDangles() throws Exception {
        byte[] value = random(1_000, 13);
        AtomicBoolean ended = new AtomicBoolean();
        Sweep sweep = new Sweep(
                store,
                new Referrers() {
                    @Override
                    public CompletableFuture<Void> underWay(BiConsumer<Long, LargeValue> sink) {
                        nowMs.incrementAndGet();
                        return CompletableFuture.completedFuture(null);
                    }

                    @Override
                    public void applied(BiConsumer<Long, LargeValue> sink) {
                        synchronized (referred) {
                            referred.forEach(one -> sink.accept(1L, one));
                        }
                    }
                },
                nowMs::get,
                0);
        CompletableFuture<Integer> sweeper = CompletableFuture.supplyAsync(() -> {
            int removed = 0;
            try {
                while (!ended.get()) {
                    removed += sweep.run();
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            return removed;
        });
        for (int i = 0; i < 300; i++) {
            LargeValue stored;
            try (Upload upload = new Uploading(store, value.length)) {
                add(upload, value);
                stored = upload.finish();
                synchronized (referred) {
                    referred.add(stored);
                }
            }
            assertThat(get(stored)).as("put %d", i).isEqualTo(value);
            synchronized (referred) {
                referred.clear();
            }
            nowMs.incrementAndGet();
        }
        ended.set(true);
        assertThat(sweeper.get(30, TimeUnit.SECONDS))
                .as("chunks that went meanwhile")
                .isPositive();
    }

    @Test
    void aChunkThatIsAskedForStaysThoughItWasAboutToGo() throws Exception {
        LargeValue value = put(random(1 << 20, 6));
        nowMs.addAndGet(GRACE_MS + 1);
        assertThat(store.has(ChunkName.of(value).get(0))).isTrue();
        assertThat(sweep()).isZero();
    }

    @Test
    void nothingGoesForTheTimeOfGraceAfterAStart() throws Exception {
        put(random(1 << 20, 7));
        nowMs.addAndGet(10 * GRACE_MS);
        store = open(ChunkDisk.REAL);
        assertThat(sweep()).isZero();
        nowMs.addAndGet(GRACE_MS + 1);
        assertThat(sweep()).isEqualTo(1);
    }

    @Test
    void theSameContentIsWrittenOnceAndStaysWhileOneRefersToIt() throws Exception {
        byte[] value = random((2 << 20) + 9, 8);
        LargeValue one = put(value);
        LargeValue two = put(value);
        assertThat(one).isEqualTo(two);
        assertThat(files()).isEqualTo(3);
        referred.add(two);
        nowMs.addAndGet(GRACE_MS + 1);
        assertThat(sweep()).isZero();
    }

    @Test
    void anUploadThatIsGivenUpLeavesNothing() throws Exception {
        Uploading upload = new Uploading(store, 3 << 20);
        add(upload, random(3 << 20, 9));
        assertThat(files()).isEqualTo(3);
        upload.close();
        assertThat(files()).isZero();
    }

    @Test
    void damageIsFoundAndMendedByWritingAgain() throws Exception {
        byte[] value = random(1 << 20, 10);
        LargeValue stored = put(value);
        ChunkName name = ChunkName.of(stored).get(0);
        Path file = folder.resolve("blobs").resolve(name.toString());
        byte[] wrong = value.clone();
        wrong[77] ^= 4;
        Files.write(file, wrong);
        assertThat(store.isThere(name)).isTrue();
        Scrub scrub = new Scrub(store, nowMs::get);
        scrub.begin();
        scrub.step();
        assertThat(scrub.isDone()).isTrue();
        assertThat(store.isThere(name)).as("after it was read again").isFalse();
        put(value);
        assertThat(get(stored)).isEqualTo(value);
    }

    @Test
    void aValueIsRefusedBeforeTheDiskIsFull() {
        ChunkStore small = ChunkStore.open(
                folder.resolve("small"),
                new FailingDisk(Integer.MAX_VALUE) {
                    @Override
                    public long freeBytes(Path of) {
                        return 10 << 20;
                    }
                },
                nowMs::get,
                4 << 20);
        try (Uploading first = new Uploading(small, 5 << 20)) {
            assertThatThrownBy(() -> new Uploading(small, 5 << 20))
                    .isInstanceOfSatisfying(
                            AtlasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL));
            add(first, new byte[1 << 20]);
        }
        new Uploading(small, 5 << 20).close();
    }

    /** Does so many steps and then nothing, as if the process had ended. */
    private static class FailingDisk implements ChunkDisk {
        private int left;

        FailingDisk(int steps) {
            left = steps;
        }

        private void step() throws IOException {
            if (left-- <= 0) {
                throw new IOException("the process ended");
            }
        }

        @Override
        public void write(Path file, byte[] bytes, int offset, int length) throws IOException {
            step();
            REAL.write(file, bytes, offset, length);
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            step();
            REAL.rename(from, to);
        }

        @Override
        public void force(Path of) throws IOException {
            step();
            REAL.force(of);
        }

        @Override
        public void remove(Path file) throws IOException {
            step();
            REAL.remove(file);
        }

        @Override
        public long freeBytes(Path of) throws IOException {
            return REAL.freeBytes(of);
        }
    }

    @Test
    void aCrashBetweenAnyTwoStepsLeavesNothingDanglingAndNothingForEver() throws Exception {
        byte[] value = random((2 << 20) + 1, 11);
        boolean whole = false;
        for (int steps = 0; !whole; steps++) {
            store = open(new FailingDisk(steps));
            LargeValue stored = null;
            try (Upload upload = new Uploading(store, value.length)) {
                add(upload, value);
                stored = upload.finish();
            } catch (AtlasException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL);
            }
            whole = stored != null;
            store = open(ChunkDisk.REAL);
            referred.clear();
            if (stored != null) {
                referred.add(stored);
                assertThat(get(stored)).isEqualTo(value);
            }
            nowMs.addAndGet(GRACE_MS + 1);
            sweep();
            assertThat(files()).as("after %d steps", steps).isEqualTo(whole ? 3 : 0);
        }
    }

    @Test
    void aNodeAloneSaysWhatIsMissing() throws Exception {
        Blobs blobs = Blobs.open(folder.resolve("blobs"), OPTIONS);
        opened.add(blobs);
        LargeValue stored = put(random(1 << 20, 12));
        try (Download download = blobs.open(1, stored)) {
            assertThat(download.chunk(0)).hasSize(1 << 20);
        }
        Files.delete(folder.resolve("blobs").resolve(ChunkName.of(stored).get(0).toString()));
        assertThatThrownBy(() -> blobs.open(1, stored))
                .isInstanceOfSatisfying(
                        AtlasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
    }
}
