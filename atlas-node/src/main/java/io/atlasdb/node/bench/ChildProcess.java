package io.atlasdb.node.bench;

import io.atlasdb.proto.ErrorCode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server in a process of its own that says on its output when it is ready. It never outlives this process, as long as this
 * one is not killed.
 */
final class ChildProcess implements AutoCloseable {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

    private final Process process;
    private final Thread hook;
    private final MatchResult ready;

    private ChildProcess(Process process, Thread hook, MatchResult ready) {
        this.process = process;
        this.hook = hook;
        this.ready = ready;
    }

    /**
     * Starts a program and waits until a line of its output matches.
     *
     * @param log takes all that the program writes, behind what it holds already
     * @param ready found in the line that says that the server takes connections
     * @throws io.atlasdb.proto.AtlasException when it ends before or takes longer than the time-out, naming the log
     */
    static ChildProcess start(List<String> command, Path log, Pattern ready, Duration timeout) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Thread hook = new Thread(process::destroyForcibly, "stop-" + process.pid());
        Runtime.getRuntime().addShutdownHook(hook);
        CompletableFuture<MatchResult> found = new CompletableFuture<>();
        Thread pump = new Thread(() -> pump(process, log, ready, found), "output-" + process.pid());
        pump.setDaemon(true);
        pump.start();
        try {
            return new ChildProcess(process, hook, found.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            abandon(process, hook);
            throw ErrorCode.CANCELLED.error(e);
        } catch (ExecutionException | TimeoutException e) {
            abandon(process, hook);
            String why = e instanceof TimeoutException
                    ? "not ready after " + timeout.toSeconds() + " s"
                    : "it ended before it was ready";
            throw ErrorCode.CANNOT_CONNECT.error(e, command.get(0), why + "; its output is in " + log);
        }
    }

    /** What the pattern matched in the line that said that the server is ready. */
    MatchResult ready() {
        return ready;
    }

    long pid() {
        return process.pid();
    }

    /** Ends the process as {@code kill -9} does and waits until it is gone. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Asks the process to end, and ends it when it takes too long. */
    @Override
    public void close() {
        process.destroy();
        awaitEnd();
    }

    private void awaitEnd() {
        abandonHook(hook);
        try {
            if (!process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static void abandon(Process process, Thread hook) {
        process.destroyForcibly();
        abandonHook(hook);
    }

    private static void abandonHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The hooks run already, and ours is one of them: it ends the process just as well.
            assert hook.getName().startsWith("stop-") : hook;
        }
    }

    /** Reads to the end, also when ready, since a full pipe would stop the program. */
    private static void pump(Process process, Path log, Pattern ready, CompletableFuture<MatchResult> found) {
        try (BufferedReader in =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                BufferedWriter copy =
                        Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                copy.write(line);
                copy.newLine();
                copy.flush();
                Matcher matcher = ready.matcher(line);
                if (!found.isDone() && matcher.find()) {
                    found.complete(matcher.toMatchResult());
                }
            }
        } catch (IOException e) {
            found.completeExceptionally(e);
        }
        found.completeExceptionally(new IOException("the program ended"));
    }
}
