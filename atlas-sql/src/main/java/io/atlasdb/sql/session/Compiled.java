package io.atlasdb.sql.session;

import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.plan.DeletePlan;
import io.atlasdb.sql.plan.ExplainPlan;
import io.atlasdb.sql.plan.InsertPlan;
import io.atlasdb.sql.plan.KeyDeletePlan;
import io.atlasdb.sql.plan.KeyGetPlan;
import io.atlasdb.sql.plan.KeyUpdatePlan;
import io.atlasdb.sql.plan.Parameter;
import io.atlasdb.sql.plan.Plan;
import io.atlasdb.sql.plan.Planned;
import io.atlasdb.sql.plan.QueryPlan;
import io.atlasdb.sql.plan.ResultColumn;
import io.atlasdb.sql.plan.UpdatePlan;
import io.atlasdb.sql.plan.ddl.ChangeRights;
import io.atlasdb.sql.plan.ddl.Control;
import io.atlasdb.sql.plan.ddl.DdlCommand;
import io.atlasdb.sql.plan.ddl.UserCommand;
import java.util.List;
import java.util.stream.Collectors;

/** What a statement's text means against one version of the catalog. */
sealed interface Compiled {
    Prepared.Kind kind();

    /** The columns of its rows; empty when it has none. */
    List<ResultColumn> columns();

    List<Parameter> parameters();

    /** What it is about, without values. */
    String objects();

    /** The text as it may be shown and kept, where it is {@code sql}. */
    default String shown(String sql) {
        return sql;
    }

    /**
     * A query or DML.
     *
     * @param readsOnly whether it writes nothing
     */
    record OfPlan(Planned planned, boolean readsOnly, List<ResultColumn> columns) implements Compiled {
        static OfPlan of(Planned planned) {
            Plan plan = planned.plan();
            if (plan instanceof KeyGetPlan get) {
                return new OfPlan(planned, true, get.columns());
            } else if (plan instanceof QueryPlan query) {
                return new OfPlan(planned, true, query.columns());
            } else if (plan instanceof ExplainPlan explain) {
                return new OfPlan(planned, !explain.analyze() || !writes(explain.plan()), ExplainPlan.COLUMNS);
            }
            return new OfPlan(planned, false, List.of());
        }

        private static boolean writes(Plan plan) {
            return plan instanceof InsertPlan
                    || plan instanceof UpdatePlan
                    || plan instanceof KeyUpdatePlan
                    || plan instanceof DeletePlan
                    || plan instanceof KeyDeletePlan;
        }

        @Override
        public Prepared.Kind kind() {
            return writes(planned.plan()) ? Prepared.Kind.DML : Prepared.Kind.QUERY;
        }

        @Override
        public List<Parameter> parameters() {
            return planned.plan().parameters();
        }

        @Override
        public String objects() {
            return planned.plan().tables().stream().map(Table::qualifiedName).collect(Collectors.joining(", "));
        }
    }

    /** A change of the schema. */
    record OfDdl(DdlCommand command) implements Compiled {
        @Override
        public Prepared.Kind kind() {
            return Prepared.Kind.DDL;
        }

        /** Up to its first parenthesis: verb and name. */
        @Override
        public String objects() {
            String text = MaskedText.of(command.sql());
            int parenthesis = text.indexOf('(');
            return parenthesis < 0 ? text : text.substring(0, parenthesis).strip();
        }

        /** Whether it changes users, roles or rights. */
        boolean changesAccess() {
            return command instanceof UserCommand || command instanceof ChangeRights;
        }

        /** Without the password. */
        @Override
        public String shown(String sql) {
            return command instanceof UserCommand user ? user.sql() : sql;
        }

        @Override
        public List<ResultColumn> columns() {
            return List.of();
        }

        @Override
        public List<Parameter> parameters() {
            return List.of();
        }
    }

    /** A copy of the whole cluster, or its return. */
    record OfCopy(CopyStatement statement) implements Compiled {
        @Override
        public String objects() {
            return "";
        }

        @Override
        public Prepared.Kind kind() {
            return statement == CopyStatement.BACKUP ? Prepared.Kind.QUERY : Prepared.Kind.CONTROL;
        }

        @Override
        public List<ResultColumn> columns() {
            return statement.columns();
        }

        @Override
        public List<Parameter> parameters() {
            return statement.parameters();
        }
    }

    /** BEGIN, COMMIT, SET, SHOW and the like. */
    record OfControl(Control command) implements Compiled {
        @Override
        public String objects() {
            return MaskedText.of(command.sql());
        }

        @Override
        public Prepared.Kind kind() {
            return command instanceof Control.Show ? Prepared.Kind.QUERY : Prepared.Kind.CONTROL;
        }

        @Override
        public List<ResultColumn> columns() {
            return command instanceof Control.Show show ? ShowRows.columns(show) : List.of();
        }

        @Override
        public List<Parameter> parameters() {
            return List.of();
        }
    }
}
