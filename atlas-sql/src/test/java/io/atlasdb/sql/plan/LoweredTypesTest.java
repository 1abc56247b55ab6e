package io.atlasdb.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.type.SqlTypeName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Behind lowering there is no date, time or interval left in any row or expression, so that nothing can cut microseconds. */
class LoweredTypesTest {
    private final ListRows rows = Samples.rows();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM kinds",
                "SELECT seen, hired FROM emp WHERE seen > TIMESTAMP '2020-01-01 00:00:00' AND hired < DATE '2030-01-01'",
                "SELECT seen + INTERVAL '1' DAY, hired - INTERVAL '2' MONTH, CURRENT_TIMESTAMP FROM emp",
                "SELECT EXTRACT(YEAR FROM seen), FLOOR(seen TO HOUR), CAST(hired AS TIMESTAMP) FROM emp",
                "SELECT (a.seen - b.seen) SECOND FROM emp a JOIN emp b ON a.seen < b.seen AND a.hired = b.hired",
                "SELECT max(seen), min(hired), count(DISTINCT seen) FROM emp GROUP BY hired HAVING max(seen) IS NOT NULL",
                "SELECT last_value(seen) OVER (PARTITION BY hired ORDER BY seen) FROM emp",
                "SELECT seen FROM emp WHERE seen IN (SELECT tz FROM kinds) OR seen = ?",
                "SELECT seen FROM emp UNION SELECT CAST(hired AS TIMESTAMP) FROM emp ORDER BY 1 LIMIT 3",
                "SELECT dt + dt, ym, t FROM kinds WHERE t > TIME '01:00:00' AND dt < INTERVAL '5' DAY",
                "SELECT CASE WHEN id = 1 THEN seen ELSE hired END, COALESCE(seen, TIMESTAMP '2020-01-01 00:00:00') FROM emp",
                "SELECT * FROM (VALUES (DATE '2020-01-01', TIMESTAMP '2020-01-01 00:00:00.123456')) AS v (d, t)"
            })
    void noneIsLeft(String sql) {
        Parsed.Query query = (Parsed.Query) StatementParser.parse(sql);
        QueryPlanner planner = new QueryPlanner(rows.context(), Slots.identity());
        RelNode lowered = planner.rewrite(query.node(), List.of(), 0).logical();
        List<RelDataType> types = new ArrayList<>();
        collect(lowered, types);
        assertThat(types)
                .isNotEmpty()
                .allSatisfy(type -> assertThat(type.getSqlTypeName())
                        .isNotIn(SqlTypeName.DATETIME_TYPES)
                        .isNotIn(SqlTypeName.INTERVAL_TYPES));
    }

    private static void collect(RelNode node, List<RelDataType> types) {
        node.getRowType().getFieldList().forEach(field -> types.add(field.getType()));
        node.accept(new RexShuttle() {
            @Override
            public RexNode visitCall(RexCall call) {
                types.add(call.getType());
                return super.visitCall(call);
            }

            @Override
            public RexNode visitLiteral(RexLiteral literal) {
                types.add(literal.getType());
                return literal;
            }

            @Override
            public RexNode visitDynamicParam(RexDynamicParam parameter) {
                types.add(parameter.getType());
                return parameter;
            }

            @Override
            public RexNode visitInputRef(RexInputRef field) {
                types.add(field.getType());
                return field;
            }
        });
        node.getInputs().forEach(input -> collect(input, types));
    }
}
