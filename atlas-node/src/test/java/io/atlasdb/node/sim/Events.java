package io.atlasdb.node.sim;

import java.util.PriorityQueue;

/** The queue of everything that is going to happen, in virtual time; events of the same time keep the order of their making. */
final class Events {
    private final PriorityQueue<Event> queue = new PriorityQueue<>();
    private long nowMicros;
    private long made;
    private long done;

    private record Event(long atMicros, long number, Runnable task) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int order = Long.compare(atMicros, other.atMicros);
            return order != 0 ? order : Long.compare(number, other.number);
        }
    }

    long nowMicros() {
        return nowMicros;
    }

    long nowMs() {
        return nowMicros / 1_000;
    }

    /** How many events have happened. */
    long done() {
        return done;
    }

    void after(long delayMicros, Runnable task) {
        assert delayMicros >= 0 : delayMicros;
        queue.add(new Event(nowMicros + delayMicros, made++, task));
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Lets the next event happen. */
    void step() {
        Event event = queue.remove();
        nowMicros = event.atMicros();
        done++;
        event.task().run();
    }
}
