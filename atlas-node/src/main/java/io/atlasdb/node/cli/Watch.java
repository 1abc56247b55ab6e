package io.atlasdb.node.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * {@code \watch [seconds [times]]}: runs a statement again and again.
 *
 * @param seconds between two runs; 2 when nothing is said
 * @param times how often; 0 = until it is stopped
 */
record Watch(double seconds, long times) {
    private static final double SECONDS_DEFAULT = 2;
    /** How long stopping may go unnoticed, milliseconds. */
    private static final long NOTICE_MS = 100;

    /** One run of the statement. */
    interface Run {
        void run() throws IOException, SQLException;
    }

    /** Reads the arguments of the command; 42601 when they are no numbers. */
    static Watch of(String arguments) throws SQLException {
        String[] words = arguments.isEmpty() ? new String[0] : arguments.split("\\s+");
        try {
            double seconds = words.length > 0 ? Double.parseDouble(words[0]) : SECONDS_DEFAULT;
            long times = words.length > 1 ? Long.parseLong(words[1]) : 0;
            if (words.length <= 2 && seconds >= 0 && seconds <= 86_400 && times >= 0) {
                return new Watch(seconds, times);
            }
        } catch (NumberFormatException notANumber) {
            throw usage(notANumber);
        }
        throw usage(null);
    }

    private static SQLException usage(@org.jspecify.annotations.Nullable Exception cause) {
        return new SQLException("\\watch: write \\watch [seconds [times]], behind a statement", "42601", cause);
    }

    /** Runs until it was often enough, {@code stopped} says so, or a run fails. */
    void repeat(Run run, BooleanSupplier stopped) throws IOException, SQLException {
        for (long done = 1; !stopped.getAsBoolean(); done++) {
            run.run();
            if (done == times) {
                return;
            }
            pause(stopped);
        }
    }

    private void pause(BooleanSupplier stopped) {
        CountDownLatch never = new CountDownLatch(1);
        long untilNanos = System.nanoTime() + (long) (seconds * 1e9);
        try {
            for (long left = untilNanos - System.nanoTime();
                    left > 0 && !stopped.getAsBoolean();
                    left = untilNanos - System.nanoTime()) {
                never.await(Math.min(left, TimeUnit.MILLISECONDS.toNanos(NOTICE_MS)), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
