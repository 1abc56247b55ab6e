package io.atlasdb.node.socket;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** Failures of writes that are tried again: another one came in between. */
final class Conflicts {
    private Conflicts() {}

    static boolean isOne(Throwable error) {
        return cause(error) instanceof AtlasException known
                && (known.code() == ErrorCode.SCHEMA_CHANGED
                        || known.code() == ErrorCode.SERIALIZATION
                        || known.code() == ErrorCode.TABLE_EXISTS);
    }

    static Throwable cause(Throwable error) {
        boolean wrapped = error instanceof CompletionException || error instanceof ExecutionException;
        Throwable cause = error.getCause();
        return wrapped && cause != null ? cause : error;
    }

    /** The future of a write; an error that it threw on the way is in it as well. */
    static CompletableFuture<Long> begun(Supplier<CompletableFuture<Long>> write) {
        try {
            return write.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
