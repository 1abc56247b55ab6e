package io.atlasdb.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.node.cli.RowPrinter.Column;
import io.atlasdb.node.cli.RowPrinter.Kind;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowPrinterTest {
    private static String print(Format format) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        RowPrinter printer =
                RowPrinter.of(format, out, List.of(new Column("ID", Kind.NUMBER), new Column("NAME", Kind.TEXT)));
        printer.row(Arrays.asList("1", "a,\"b\"\tü\n<&>"));
        printer.row(Arrays.asList("22", null));
        printer.row(Arrays.asList(null, ""));
        printer.end();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void table() {
        assertThat(print(Format.TABLE).lines())
                .containsExactly(
                        "+------+---------------+",
                        "|   ID | NAME          |",
                        "+------+---------------+",
                        "|    1 | a,\"b\"\\tü\\n<&> |",
                        "|   22 | NULL          |",
                        "| NULL |               |",
                        "+------+---------------+");
    }

    @Test
    void vertical() {
        assertThat(print(Format.VERTICAL)).isEqualTo("""
                        -[ row 1 ]-
                        ID   | 1
                        NAME | a,"b"\tü
                        <&>
                        -[ row 2 ]-
                        ID   | 22
                        NAME | NULL
                        -[ row 3 ]-
                        ID   | NULL
                        NAME |\s
                        """);
    }

    @Test
    void csv() {
        assertThat(print(Format.CSV)).isEqualTo("ID,NAME\n1,\"a,\"\"b\"\"\tü\n<&>\"\n22,\n,\"\"\n");
    }

    @Test
    void tsv() {
        assertThat(print(Format.TSV)).isEqualTo("ID\tNAME\n1\ta,\"b\"\\tü\\n<&>\n22\t\\N\n\\N\t\n");
    }

    @Test
    void json() {
        assertThat(print(Format.JSON)).isEqualTo("""
                        [
                          {"ID": 1, "NAME": "a,\\"b\\"\\tü\\n<&>"},
                          {"ID": 22, "NAME": null},
                          {"ID": null, "NAME": ""}
                        ]
                        """);
    }

    @Test
    void xml() {
        assertThat(print(Format.XML)).isEqualTo("""
                        <rows>
                          <row><column name="ID">1</column><column name="NAME">a,&quot;b&quot;&#9;ü&#10;&lt;&amp;&gt;</column></row>
                          <row><column name="ID">22</column><column name="NAME" null="true"/></row>
                          <row><column name="ID" null="true"/><column name="NAME"></column></row>
                        </rows>
                        """);
    }
}
