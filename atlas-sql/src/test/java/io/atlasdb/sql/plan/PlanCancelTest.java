package io.atlasdb.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.plan.schema.Cardinality;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Cancel and time-out end the wait for a plan, and the planning. */
@Timeout(60)
class PlanCancelTest {
    private static final Catalog CATALOG = new Catalog(1, Map.of("PUBLIC", Map.of()));
    private static final Planned PLAN = new Planned(
            new QueryPlan(
                    List.of(),
                    List.of(),
                    List.of(),
                    source -> {
                        throw new AssertionError("nobody runs it");
                    },
                    ""),
            List.of());

    private final PlanningThreads threads = new PlanningThreads();
    private final CountDownLatch planning = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    @AfterEach
    void close() {
        threads.close();
    }

    @Test
    void cancelEndsTheWaitAndThePlanning() throws Exception {
        Stop stop = new Stop(Long.MAX_VALUE, ErrorCode.CANCELLED.error());
        PlanningContext context = context(stop);
        CompletableFuture<AtlasException> met = CompletableFuture.supplyAsync(() -> failure(context));
        assertThat(planning.await(30, TimeUnit.SECONDS)).isTrue();
        stop.stopped.complete(null);
        assertThat(met.get(30, TimeUnit.SECONDS).code()).isEqualTo(ErrorCode.CANCELLED);
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aTimeoutEndsTheWaitAndThePlanning() throws Exception {
        PlanningContext context = context(new Stop(20, ErrorCode.TIMED_OUT.error(20)));
        assertThat(failure(context).code()).isEqualTo(ErrorCode.TIMED_OUT);
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void thePlannerLooksAtTheFlag() {
        ListRows rows = Samples.rows();
        PlanningContext given = rows.context();
        PlanningContext abandoned = new PlanningContext(
                given.catalog(), given.schema(), given.cardinality(), StopSignal.NEVER, new AtomicBoolean(true));
        try (Planner planner = new Planner()) {
            AtlasException error = catchThrowableOfType(
                    AtlasException.class,
                    () -> planner.plan("SELECT e.name FROM emp e JOIN dept d ON e.dept = d.id", abandoned));
            assertThat(error).isNotNull();
            assertThat(planner.plan("SELECT e.name FROM emp e JOIN dept d ON e.dept = d.id", given))
                    .isNotNull();
        }
    }

    @Test
    void whoWaitsForAPlanThatSomebodyElseGaveUpMakesIt() throws Exception {
        PlanCache cache = new PlanCache(10);
        PlanCache.Key key = new PlanCache.Key("text", "", "PUBLIC");
        CompletableFuture<Planned> first = new CompletableFuture<>();
        CompletableFuture<Throwable> gaveUp = CompletableFuture.supplyAsync(() -> catchThrowableOfType(
                AtlasException.class,
                () -> cache.get(key, context(StopSignal.NEVER), () -> {
                    planning.countDown();
                    first.join();
                    throw ErrorCode.CANCELLED.error();
                })));
        assertThat(planning.await(30, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Planned> second =
                CompletableFuture.supplyAsync(() -> cache.get(key, context(StopSignal.NEVER), () -> PLAN));
        first.complete(PLAN);
        assertThat(second.get(30, TimeUnit.SECONDS)).isSameAs(PLAN);
        assertThat(gaveUp.get(30, TimeUnit.SECONDS)).isInstanceOf(AtlasException.class);
    }

    @Test
    void whoWaitsForTheSamePlanCanStopWaiting() throws Exception {
        PlanCache cache = new PlanCache(10);
        PlanCache.Key key = new PlanCache.Key("text", "", "PUBLIC");
        CompletableFuture<Planned> first = new CompletableFuture<>();
        CompletableFuture<Planned> maker =
                CompletableFuture.supplyAsync(() -> cache.get(key, context(StopSignal.NEVER), () -> {
                    planning.countDown();
                    return first.join();
                }));
        assertThat(planning.await(30, TimeUnit.SECONDS)).isTrue();
        AtlasException error = catchThrowableOfType(
                AtlasException.class,
                () -> cache.get(key, context(new Stop(20, ErrorCode.TIMED_OUT.error(20))), () -> PLAN));
        assertThat(error.code()).isEqualTo(ErrorCode.TIMED_OUT);
        first.complete(PLAN);
        assertThat(maker.get(30, TimeUnit.SECONDS)).isSameAs(PLAN);
    }

    /** Plans until the flag is set, which no sleeping is needed for. */
    private AtlasException failure(PlanningContext context) {
        return catchThrowableOfType(
                AtlasException.class,
                () -> threads.run(
                        () -> {
                            planning.countDown();
                            while (!context.abandoned().get()) {
                                Thread.onSpinWait();
                            }
                            ended.countDown();
                            return PLAN;
                        },
                        context));
    }

    private static PlanningContext context(StopSignal stop) {
        return new PlanningContext(CATALOG, "PUBLIC", Cardinality.GUESS, stop);
    }

    private static final class Stop implements StopSignal {
        private final CompletableFuture<Void> stopped = new CompletableFuture<>();
        private final long remainingMs;
        private final AtlasException reason;

        Stop(long remainingMs, AtlasException reason) {
            this.remainingMs = remainingMs;
            this.reason = reason;
        }

        @Override
        public CompletableFuture<Void> stopped() {
            return stopped;
        }

        @Override
        public long remainingMs() {
            return remainingMs;
        }

        @Override
        public @Nullable AtlasException reason() {
            return reason;
        }
    }
}
