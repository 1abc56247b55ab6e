package io.atlasdb.sql.plan.ast;

import io.atlasdb.sql.plan.ddl.Command;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** A command in a syntax tree. It is a leaf: the command is plain data and holds no nodes. */
public final class CommandNode extends SqlCall {
    private static final SqlOperator OPERATOR = new SqlSpecialOperator("COMMAND", SqlKind.OTHER_DDL);

    private final Command command;

    public CommandNode(Command command, SqlParserPos pos) {
        super(pos);
        this.command = command;
    }

    /** What the statement says. */
    public Command command() {
        return command;
    }

    @Override
    public SqlOperator getOperator() {
        return OPERATOR;
    }

    @Override
    public List<SqlNode> getOperandList() {
        return List.of();
    }

    @Override
    public SqlNode clone(SqlParserPos pos) {
        return new CommandNode(command, pos);
    }

    @Override
    public void unparse(SqlWriter writer, int leftPrecedence, int rightPrecedence) {
        writer.print(command.sql());
    }
}
