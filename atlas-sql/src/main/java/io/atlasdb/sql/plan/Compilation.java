package io.atlasdb.sql.plan;

import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.plan.ast.AtlasConformance;
import io.atlasdb.sql.plan.rules.Convertlets;
import io.atlasdb.sql.plan.rules.Estimates;
import io.atlasdb.sql.plan.rules.ExpressionLowering;
import io.atlasdb.sql.plan.rules.Lowering;
import io.atlasdb.sql.plan.rules.Programs;
import io.atlasdb.sql.plan.schema.CatalogSchema;
import io.atlasdb.sql.plan.types.AtlasTypeFactory;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.calcite.config.CalciteConnectionConfigImpl;
import org.apache.calcite.config.CalciteConnectionProperty;
import org.apache.calcite.config.NullCollation;
import org.apache.calcite.plan.Contexts;
import org.apache.calcite.plan.ConventionTraitDef;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.volcano.VolcanoPlanner;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.RelCollationTraitDef;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.fun.SqlLibrary;
import org.apache.calcite.sql.fun.SqlLibraryOperatorTableFactory;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql2rel.RelDecorrelator;
import org.apache.calcite.sql2rel.RelFieldTrimmer;
import org.apache.calcite.sql2rel.SqlToRelConverter;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.CancelFlag;

/**
 * Calcite's working state for one statement: types, validator, cluster. It is dropped when the plan is made, since a cluster holds
 * every alternative that was weighed.
 */
final class Compilation {
    /** Nested queries are kept whole until their own stage, and IN lists never become joins with a table of constants. */
    private static final SqlToRelConverter.Config CONVERSION = SqlToRelConverter.config()
            .withExpand(false)
            .withTrimUnusedFields(false)
            .withInSubQueryThreshold(Integer.MAX_VALUE);

    private static final SqlOperatorTable OPERATORS =
            SqlLibraryOperatorTableFactory.INSTANCE.getOperatorTable(SqlLibrary.STANDARD, SqlLibrary.POSTGRESQL);

    private final AtlasTypeFactory types = new AtlasTypeFactory();
    private final RexBuilder builder = new RexBuilder(types);
    private final CalciteCatalogReader reader;
    private final AtlasValidator validator;
    private final RelOptCluster cluster;
    private final Slots slots;

    Compilation(PlanningContext context, Slots slots) {
        this.slots = slots;
        Properties properties = new Properties();
        properties.setProperty(CalciteConnectionProperty.CASE_SENSITIVE.camelName(), "true");
        this.reader = new CalciteCatalogReader(
                CatalogSchema.of(context.catalog(), context.cardinality()),
                CatalogSchema.path(context.schema()),
                types,
                new CalciteConnectionConfigImpl(properties));
        SqlValidator.Config config = SqlValidator.Config.DEFAULT
                .withConformance(AtlasConformance.INSTANCE)
                .withDefaultNullCollation(NullCollation.LOW)
                .withIdentifierExpansion(true)
                .withTypeCoercionEnabled(true);
        this.validator = new AtlasValidator(
                SqlOperatorTables.chain(OPERATORS), reader, types, config, hidden(context.catalog()));
        VolcanoPlanner planner = new VolcanoPlanner(Contexts.of(new CancelFlag(context.abandoned())));
        planner.addRelTraitDef(ConventionTraitDef.INSTANCE);
        planner.addRelTraitDef(RelCollationTraitDef.INSTANCE);
        // Calcite's own evaluation of constants would cut microseconds; ours is done where expressions are lowered.
        planner.setExecutor((rex, constants, reduced) -> reduced.addAll(constants));
        this.cluster = RelOptCluster.create(planner, builder);
        cluster.setMetadataProvider(Estimates.PROVIDER);
    }

    private static Set<String> hidden(Catalog catalog) {
        return catalog.schemas().values().stream()
                .flatMap(tables -> tables.values().stream())
                .filter(table -> table.hasHiddenKey())
                .flatMap(table -> table.columns().stream())
                .filter(Column::hidden)
                .map(Column::name)
                .collect(Collectors.toSet());
    }

    AtlasTypeFactory types() {
        return types;
    }

    RexBuilder builder() {
        return builder;
    }

    SqlValidator validator() {
        return validator;
    }

    RelOptCluster cluster() {
        return cluster;
    }

    Slots slots() {
        return slots;
    }

    /** Resolves names and types. */
    SqlNode validate(SqlNode node) {
        return validator.validate(Standardized.of(node));
    }

    /** The validated query as relational algebra, sub-queries decorrelated, types not lowered yet. */
    RelNode algebra(SqlNode validated) {
        SqlToRelConverter converter = new SqlToRelConverter(
                (rowType, text, schemaPath, viewPath) -> {
                    throw new UnsupportedOperationException("there are no views");
                },
                validator,
                reader,
                cluster,
                Convertlets.INSTANCE,
                CONVERSION);
        RelRoot root = converter.convertQuery(validated, false, true);
        RelNode plain = Programs.removeSubQueries(root.project());
        RelNode flat = RelDecorrelator.decorrelateQuery(plain, relBuilder());
        return Programs.reduceAggregates(flat);
    }

    /** The plan in lowered types. */
    RelNode lower(RelNode algebra, ExpressionLowering expressions) {
        return new Lowering(builder, expressions).lower(algebra);
    }

    /** A lowered plan rewritten as far as heuristics go. */
    RelNode rewrite(RelNode lowered) {
        RelNode pushed = Programs.rewrite(lowered);
        RelNode trimmed = new RelFieldTrimmer(null, relBuilder()).trim(pushed);
        return Programs.finish(trimmed);
    }

    ExpressionLowering expressions() {
        return new ExpressionLowering(builder, slots);
    }

    private RelBuilder relBuilder() {
        return RelFactories.LOGICAL_BUILDER.create(cluster, reader);
    }
}
