package io.atlasdb.sql.plan.ast;

import org.apache.calcite.sql.validate.SqlConformanceEnum;
import org.apache.calcite.sql.validate.SqlDelegatingConformance;

/**
 * The SQL standard, and what costs nothing to take besides: {@code !=}, {@code %}, {@code GROUP BY 1}, GROUP BY and HAVING by
 * alias, {@code LIMIT start, count}, {@code OFFSET} before {@code LIMIT}, {@code CURRENT_DATE()}, {@code ROW(1, 2)}.
 */
public final class AtlasConformance extends SqlDelegatingConformance {
    public static final AtlasConformance INSTANCE = new AtlasConformance();

    private AtlasConformance() {
        super(SqlConformanceEnum.DEFAULT);
    }

    @Override
    public boolean isBangEqualAllowed() {
        return true;
    }

    @Override
    public boolean isPercentRemainderAllowed() {
        return true;
    }

    @Override
    public boolean isGroupByOrdinal() {
        return true;
    }

    @Override
    public boolean isGroupByAlias() {
        return true;
    }

    @Override
    public boolean isHavingAlias() {
        return true;
    }

    @Override
    public boolean isLimitStartCountAllowed() {
        return true;
    }

    @Override
    public boolean isOffsetLimitAllowed() {
        return true;
    }

    @Override
    public boolean allowNiladicParentheses() {
        return true;
    }

    @Override
    public boolean allowExplicitRowValueConstructor() {
        return true;
    }
}
