package io.atlasdb.sql.exec.ddl;

import io.atlasdb.sql.plan.StatementParser;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/** Columns in the text of a CHECK condition. */
final class ColumnReferences {
    private ColumnReferences() {}

    /** Whether the text names the column. A function of that name without arguments counts, to be on the safe side. */
    static boolean uses(String sql, String column) {
        Finder finder = new Finder(column);
        StatementParser.parseExpression(sql).accept(finder);
        return finder.found;
    }

    /** The text with the column under another name. */
    static String rename(String sql, String from, String to) {
        SqlNode renamed = StatementParser.parseExpression(sql).accept(new Renamer(from, to));
        return renamed == null ? sql : StatementParser.text(renamed);
    }

    private static boolean names(SqlIdentifier identifier, String column) {
        return !identifier.names.isEmpty()
                && identifier.names.get(identifier.names.size() - 1).equals(column);
    }

    private static final class Finder extends SqlBasicVisitor<@Nullable Void> {
        private final String column;
        private boolean found;

        Finder(String column) {
            this.column = column;
        }

        @Override
        public @Nullable Void visit(SqlIdentifier identifier) {
            found |= names(identifier, column);
            return null;
        }
    }

    private static final class Renamer extends SqlShuttle {
        private final String from;
        private final String to;

        Renamer(String from, String to) {
            this.from = from;
            this.to = to;
        }

        @Override
        public @Nullable SqlNode visit(SqlIdentifier identifier) {
            if (!names(identifier, from)) {
                return identifier;
            }
            List<String> names = new ArrayList<>(identifier.names);
            names.set(names.size() - 1, to);
            return new SqlIdentifier(names, identifier.getParserPosition());
        }
    }
}
