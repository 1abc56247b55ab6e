package io.atlasdb.sql.plan.runtime;

import org.apache.calcite.linq4j.Enumerable;
import org.jspecify.annotations.Nullable;

/**
 * One step of a plan, with all steps below it, that runs without generated code. Safe for any number of threads; what it opens belongs
 * to one execution. Rows look as those of generated code do, see {@link Tuples}.
 */
@FunctionalInterface
public interface Step {
    /** The rows, computed as they are asked for, and anew for each enumerator. */
    Enumerable<@Nullable Object> open(AtlasContext context);
}
