package io.atlasdb.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StatementSplitterTest {
    @Test
    void semicolonsEndStatements() {
        assertThat(StatementSplitter.split("SELECT 1; SELECT 2 ;;\n SELECT 3"))
                .containsExactly("SELECT 1", "SELECT 2", "SELECT 3");
        assertThat(StatementSplitter.split(" ; ; -- nothing\n /* here */ ")).isEmpty();
    }

    @Test
    void thoseInStringsNamesAndCommentsDoNot() {
        assertThat(StatementSplitter.split("SELECT 'a;''b;', \"c;\"\"d\" -- e;\n, 1 /* f;\n; */ ; SELECT E'g\\';h'"))
                .containsExactly("SELECT 'a;''b;', \"c;\"\"d\" -- e;\n, 1 /* f;\n; */", "SELECT E'g\\';h'");
    }

    @Test
    void aBackslashIsAnOrdinaryCharacterElsewhere() {
        assertThat(StatementSplitter.split("SELECT 'a\\'; SELECT mode'b\\'; SELECT 3"))
                .containsExactly("SELECT 'a\\'", "SELECT mode'b\\'", "SELECT 3");
    }

    @Test
    void whatIsOpenIsTold() {
        assertThat(StatementSplitter.scan("SELECT 1; SELECT 'a;").open()).isTrue();
        assertThat(StatementSplitter.scan("SELECT 1; SELECT 'a;").rest()).isEqualTo("SELECT 'a;");
        assertThat(StatementSplitter.scan("SELECT \"a").open()).isTrue();
        assertThat(StatementSplitter.scan("SELECT /* a").open()).isTrue();
        assertThat(StatementSplitter.scan("SELECT E'a\\'").open()).isTrue();
        assertThat(StatementSplitter.scan("SELECT -- a").open()).isFalse();
        assertThat(StatementSplitter.scan("SELECT 1;").rest()).isEmpty();
        assertThat(StatementSplitter.scan("SELECT 1; -- done").rest()).isEmpty();
    }

    @Test
    void theLastOfAScriptNeedsNoSemicolon() {
        StatementSplitter.Split split = StatementSplitter.scan("BEGIN;\nSELECT 1");
        assertThat(split.complete()).containsExactly("BEGIN");
        assertThat(split.rest()).isEqualTo("SELECT 1");
        assertThat(split.open()).isFalse();
    }
}
