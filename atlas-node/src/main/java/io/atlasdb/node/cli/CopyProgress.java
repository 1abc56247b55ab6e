package io.atlasdb.node.cli;

import java.io.PrintStream;
import java.util.Locale;

/** One line that is drawn again and again while a copy goes on; nothing when no terminal shows it. */
final class CopyProgress implements AutoCloseable {
    private static final long REDRAW_NANOS = 200_000_000L;
    private static final double MEBI = 1 << 20;

    private final PrintStream out;
    private final boolean terminal;
    private final long startNanos = System.nanoTime();
    private long drawnNanos = startNanos;
    private int width;

    CopyProgress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Whether this program's standard error goes to a terminal, as its launcher said. */
    static CopyProgress on(Console console) {
        return new CopyProgress(console.err(), Boolean.getBoolean("atlas.terminal"));
    }

    /**
     * Shows how far it is, unless that was shown just now.
     *
     * @param step what is done
     * @param what how far it is, in its own words
     * @param bytes that were read or written, for the rate
     * @param done, total for the time that is left, in whatever unit; a total of 0 is not known
     */
    void show(String step, String what, long bytes, long done, long total) {
        long now = System.nanoTime();
        if (terminal && now - drawnNanos >= REDRAW_NANOS) {
            drawnNanos = now;
            draw(line(step, what, bytes, done, total, (now - startNanos) / 1e9));
        }
    }

    /** The text of the line after so many seconds. */
    static String line(String step, String what, long bytes, long done, long total, double seconds) {
        StringBuilder line = new StringBuilder(step).append("  ").append(what);
        line.append(String.format(Locale.ROOT, "  %.1f MiB  %.1f MiB/s", bytes / MEBI, bytes / MEBI / seconds));
        if (total > 0 && done > 0) {
            double part = Math.min(1, (double) done / total);
            line.append(
                    String.format(Locale.ROOT, "  %d %%  %s left", (int) (100 * part), time(seconds / part - seconds)));
        }
        return line.toString();
    }

    private static String time(double seconds) {
        long all = Math.round(seconds);
        return all < 60
                ? all + " s"
                : all < 3_600
                        ? String.format(Locale.ROOT, "%d:%02d min", all / 60, all % 60)
                        : String.format(Locale.ROOT, "%d:%02d h", all / 3_600, all / 60 % 60);
    }

    private void draw(String line) {
        out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
        out.flush();
        width = line.length();
    }

    /** Seconds since it began. */
    double seconds() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    /** Takes the line away. */
    @Override
    public void close() {
        if (width > 0) {
            out.print("\r" + " ".repeat(width) + "\r");
            out.flush();
        }
    }
}
