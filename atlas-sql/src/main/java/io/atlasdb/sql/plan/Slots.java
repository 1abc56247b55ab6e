package io.atlasdb.sql.plan;

import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Where a {@code ?} of the parsed text finds its value at run time. The user's parameters come first in their order, the lifted
 * literals behind them; beyond {@link #CONTEXT} stand the values of the transaction and the session.
 */
public final class Slots {
    /** Below this index are parameters. */
    public static final int CONTEXT = 1 << 20;

    public static final int NOW = CONTEXT;
    public static final int TODAY = CONTEXT + 1;
    public static final int TIME_OF_DAY = CONTEXT + 2;
    public static final int USER = CONTEXT + 3;
    public static final int SCHEMA = CONTEXT + 4;

    private final int[] runtime;
    private final int users;

    /**
     * @param runtime by position in the parsed text
     * @param users how many of them are the user's
     */
    public Slots(int[] runtime, int users) {
        this.runtime = runtime.clone();
        this.users = users;
    }

    /** Parameters stand where the text has them: nothing was lifted. */
    public static Slots identity() {
        return new Slots(new int[0], Integer.MAX_VALUE);
    }

    /** Whether a parameter of the parsed text was a literal in the user's. */
    public boolean isLifted(int parsed) {
        return runtime(parsed) >= users;
    }

    public int runtime(int parsed) {
        return parsed < runtime.length ? runtime[parsed] : parsed;
    }

    /** The slot that a function like CURRENT_TIMESTAMP reads, or null for another function. */
    public static @Nullable RexNode function(RexBuilder builder, RexCall call, RelDataTypeFactory factory) {
        RelDataType bigint = factory.createSqlType(SqlTypeName.BIGINT);
        return switch (call.getOperator().getName()) {
            case "CURRENT_TIMESTAMP", "LOCALTIMESTAMP" -> builder.makeDynamicParam(bigint, NOW);
            case "CURRENT_DATE" -> builder.makeDynamicParam(factory.createSqlType(SqlTypeName.INTEGER), TODAY);
            case "CURRENT_TIME", "LOCALTIME" -> builder.makeDynamicParam(bigint, TIME_OF_DAY);
            case "USER", "CURRENT_USER", "SESSION_USER", "SYSTEM_USER" ->
                builder.makeDynamicParam(call.getType(), USER);
            case "CURRENT_SCHEMA" -> builder.makeDynamicParam(call.getType(), SCHEMA);
            default -> null;
        };
    }
}
