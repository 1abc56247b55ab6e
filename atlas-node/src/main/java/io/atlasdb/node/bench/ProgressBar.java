package io.atlasdb.node.bench;

import java.io.PrintStream;
import java.util.Locale;

/**
 * One line that shows how far a long step is. On a terminal it is redrawn in place; elsewhere it is written at the start and
 * the end only, so that a log stays short.
 */
final class ProgressBar implements AutoCloseable {
    private static final int WIDTH_CHARS = 30;
    private static final long REDRAW_NANOS = 100_000_000L;

    private final PrintStream out;
    private final String label;
    private final long total;
    private final boolean terminal;
    private final long startNanos = System.nanoTime();
    private long done;
    private long drawnNanos;

    /**
     * Draws an empty bar.
     *
     * @param label what is done, at most about 12 characters
     * @param total how many steps there are, or an estimate of it; may be 0
     * @param terminal whether a carriage return moves back to the start of the line
     */
    ProgressBar(PrintStream out, String label, long total, boolean terminal) {
        this.out = out;
        this.label = label;
        this.total = total;
        this.terminal = terminal;
        if (terminal) {
            draw(false);
        }
    }

    /** Whether this program writes to a terminal, as its launcher said. */
    static boolean onTerminal() {
        return Boolean.getBoolean("atlas.terminal");
    }

    /** Counts steps as done and redraws the bar now and then. */
    void add(long steps) {
        done += steps;
        long now = System.nanoTime();
        if (terminal && now - drawnNanos >= REDRAW_NANOS) {
            draw(false);
            drawnNanos = now;
        }
    }

    /** Draws the bar as it ended and goes to the next line. */
    @Override
    public void close() {
        draw(true);
    }

    private void draw(boolean last) {
        double part = last || total <= 0 ? 1 : Math.min(1, (double) done / total);
        int filled = (int) (part * WIDTH_CHARS);
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        String line = String.format(
                Locale.ROOT,
                "%-12s [%s%s] %3d %%  %,d rows  %.1f s",
                label,
                "#".repeat(filled),
                ".".repeat(WIDTH_CHARS - filled),
                (int) (part * 100),
                done,
                seconds);
        out.print((terminal ? "\r" : "") + line + (last ? System.lineSeparator() : ""));
        out.flush();
    }
}
