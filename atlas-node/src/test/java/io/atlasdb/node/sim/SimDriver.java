package io.atlasdb.node.sim;

import io.atlasdb.node.replica.Driver;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.PriorityQueue;

/**
 * A loop of a node in one life: tasks run in rounds, some at a time, at virtual moments. Between any two of them the node may be
 * paused, or crash; then nothing of this object happens any more.
 */
final class SimDriver implements Driver {
    private static final int TASKS_MAX = 16;

    private final Events events;
    private final Chance chance;
    private final SimClock clock;
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private Runnable endOfRound = () -> {};
    private boolean started;
    private boolean dead;
    private boolean paused;
    private boolean scheduled;
    private long timerCount;
    private long wakeAtMs = Long.MAX_VALUE;
    /** After so many more tasks the node crashes; negative for never. */
    private int crashAfter = -1;

    private Runnable crash = () -> {};

    private record Timer(long dueMs, long number, Runnable task) implements Comparable<Timer> {
        @Override
        public int compareTo(Timer other) {
            int order = Long.compare(dueMs, other.dueMs);
            return order != 0 ? order : Long.compare(number, other.number);
        }
    }

    SimDriver(Events events, Chance chance, SimClock clock) {
        this.events = events;
        this.chance = chance;
        this.clock = clock;
    }

    @Override
    public void start(Runnable atEndOfRound) {
        endOfRound = atEndOfRound;
        started = true;
        schedule();
    }

    @Override
    public void execute(Runnable task) {
        if (!dead) {
            tasks.add(task);
            schedule();
        }
    }

    @Override
    public void later(long delayMs, Runnable task) {
        if (!dead) {
            timers.add(new Timer(nowMs() + delayMs, timerCount++, task));
            wakeLater();
        }
    }

    @Override
    public long nowMs() {
        return clock.nowMs();
    }

    @Override
    public void close() {
        die();
    }

    void die() {
        dead = true;
        tasks.clear();
        timers.clear();
    }

    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        schedule();
    }

    /** The clock was changed. */
    void clockChanged() {
        wakeAtMs = Long.MAX_VALUE;
        schedule();
    }

    /** Crashes within a round, after so many more tasks. */
    void crashAfter(int moreTasks, Runnable how) {
        crashAfter = moreTasks;
        crash = how;
        schedule();
    }

    private void schedule() {
        if (started && !scheduled && !dead && !paused) {
            scheduled = true;
            events.after(chance.micros(5, 60), this::round);
        }
    }

    private void wakeLater() {
        Timer next = timers.peek();
        if (next != null && started && !dead && next.dueMs() < wakeAtMs) {
            long due = next.dueMs();
            wakeAtMs = due;
            events.after(clock.microsFor(Math.max(0, due - nowMs())), () -> {
                if (wakeAtMs == due) {
                    wakeAtMs = Long.MAX_VALUE;
                    schedule();
                }
            });
        }
    }

    private void round() {
        scheduled = false;
        if (paused || dead) {
            return;
        }
        int count = chance.between(1, TASKS_MAX);
        while (count-- > 0 && !tasks.isEmpty() && !crashes()) {
            tasks.poll().run();
        }
        long now = nowMs();
        while (!dead && !timers.isEmpty() && timers.peek().dueMs() <= now && !crashes()) {
            timers.poll().task().run();
        }
        if (!dead && !crashes()) {
            endOfRound.run();
        }
        if (!dead && !tasks.isEmpty()) {
            schedule();
        }
        wakeLater();
    }

    private boolean crashes() {
        if (crashAfter >= 0 && crashAfter-- == 0) {
            crash.run();
        }
        return dead;
    }
}
