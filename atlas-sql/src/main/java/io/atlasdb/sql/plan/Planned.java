package io.atlasdb.sql.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement ready to run: a plan that texts differing in literals share, and the literals of this text.
 *
 * @param literals the values of parameters {@code plan.parameters().size()} and up of the {@link RowSource}
 */
public record Planned(Plan plan, List<@Nullable Object> literals) {
    public Planned {
        literals = Collections.unmodifiableList(new ArrayList<>(literals));
    }
}
