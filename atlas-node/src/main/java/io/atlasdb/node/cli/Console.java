package io.atlasdb.node.cli;

import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a command reads and writes. */
record Console(InputStream in, PrintStream out, PrintStream err) {
    PrintWriter outWriter() {
        return new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), true);
    }

    PrintWriter errWriter() {
        return new PrintWriter(new OutputStreamWriter(err, StandardCharsets.UTF_8), true);
    }

    /** Whether a person types and reads here; the launcher knows, Java's answer depends on its version. */
    boolean interactive() {
        return in == System.in && Boolean.getBoolean("atlas.terminal");
    }

    /** One line on standard error, or an object when the command was asked for JSON. */
    void error(boolean json, String message, @Nullable String sqlState) {
        out.flush();
        if (json) {
            err.println("{\"error\": {\"sqlstate\": " + (sqlState == null ? "null" : Escapes.json(sqlState))
                    + ", \"message\": " + Escapes.json(message) + "}}");
        } else {
            err.println("atlas: " + message);
        }
    }
}
