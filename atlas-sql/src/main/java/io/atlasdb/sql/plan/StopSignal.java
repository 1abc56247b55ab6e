package io.atlasdb.sql.plan;

import io.atlasdb.proto.AtlasException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** How a statement that waits for its plan hears that it must stop. */
public interface StopSignal {
    /** For plans that nobody may cancel. */
    StopSignal NEVER = new StopSignal() {
        private final CompletableFuture<Void> never = new CompletableFuture<>();

        @Override
        public CompletableFuture<Void> stopped() {
            return never;
        }

        @Override
        public long remainingMs() {
            return Long.MAX_VALUE;
        }

        @Override
        public @Nullable AtlasException reason() {
            return null;
        }
    };

    /** Completes when somebody cancels the statement. */
    CompletableFuture<Void> stopped();

    /** Milliseconds until its time is up; {@code Long.MAX_VALUE} for ever. */
    long remainingMs();

    /** Why it must stop; null while it need not. */
    @Nullable
    AtlasException reason();
}
