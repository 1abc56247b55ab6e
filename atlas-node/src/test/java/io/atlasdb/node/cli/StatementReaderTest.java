package io.atlasdb.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatementReaderTest {
    private static List<String> statements(String script) throws IOException {
        StatementReader reader = new StatementReader(new StringReader(script));
        List<String> statements = new ArrayList<>();
        for (String statement = reader.next(); statement != null; statement = reader.next()) {
            statements.add(statement);
        }
        return statements;
    }

    @Test
    void semicolonsEndStatementsExceptInQuotesAndComments() throws IOException {
        assertThat(statements("SELECT 1; select ';' ;; SELECT \";\" -- no; end\n, 2 /* ; */ ; SELECT 'it''s;'"))
                .containsExactly("SELECT 1", "select ';'", "SELECT \";\" \n, 2", "SELECT 'it''s;'");
    }

    @Test
    void commentsDoNotJoinWordsAndOperatorsStay() throws IOException {
        assertThat(statements("SELECT/**/1; SELECT 4/2-1; SELECT 1--x\nFROM t"))
                .containsExactly("SELECT 1", "SELECT 4/2-1", "SELECT 1FROM t".replace("1FROM", "1\nFROM"));
    }

    @Test
    void backslashCommandsAreLines() throws IOException {
        assertThat(statements("\\timing\n SELECT 1;\n  \\d Users  \n\\q"))
                .containsExactly("\\timing", "SELECT 1", "\\d Users", "\\q");
    }

    @Test
    void anUnfinishedScriptGivesWhatThereIs() throws IOException {
        assertThat(statements("SELECT 'open")).containsExactly("SELECT 'open");
        assertThat(statements(" \n-- nothing\n/* nothing")).isEmpty();
    }
}
