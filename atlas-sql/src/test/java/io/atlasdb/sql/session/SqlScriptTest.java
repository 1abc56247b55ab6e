package io.atlasdb.sql.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every script of {@code src/test/resources/sql} gives what stands in it. {@code -Datlas.rewrite=true} writes what was found
 * into the scripts instead; read the difference before committing it.
 */
@NullMarked
class SqlScriptTest {
    private static final Path SCRIPTS = Path.of("src", "test", "resources", "sql");

    @ParameterizedTest
    @ValueSource(strings = {"types", "ddl", "dml", "queries", "unusual", "transactions", "groups"})
    void givesWhatItSays(String name) throws IOException {
        Path file = SCRIPTS.resolve(name + ".sql");
        String expected = Files.readString(file);
        String found;
        try (MemorySessions database = new MemorySessions()) {
            try (SqlScript script = new SqlScript(database::open)) {
                found = script.run(expected);
            }
            database.close();
            assertThat(database.store().openSnapshots()).isZero();
            assertThat(database.sessions().memoryBytes()).isZero();
        }
        if (Boolean.getBoolean("atlas.rewrite")) {
            Files.writeString(file, found);
        } else {
            assertThat(found).isEqualTo(expected);
        }
    }
}
