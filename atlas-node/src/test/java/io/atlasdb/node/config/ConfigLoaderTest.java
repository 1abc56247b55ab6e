package io.atlasdb.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.node.config.AtlasConfig.LogFormat;
import io.atlasdb.node.config.AtlasConfig.LogLevel;
import io.atlasdb.node.config.AtlasConfig.Setting;
import io.atlasdb.proto.AtlasException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ConfigLoaderTest {
    @TempDir
    Path directory;

    private static AtlasConfig flags(String... pairs) {
        Map<String, String> flags = new java.util.LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            flags.put(pairs[i], pairs[i + 1]);
        }
        return ConfigLoader.load(null, Map.of(), flags);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("atlas.conf"), text);
    }

    @Test
    void everyKeyAndItsDefault() {
        assertThat(flags().settings().stream().map(Setting::toString))
                .containsExactly(
                        "advertise = \"localhost:4444\"",
                        "listen = \"127.0.0.1:4444\"",
                        "region = \"local\"",
                        "credentials = \"\"",
                        "connect = \"\"",
                        "db_path = \"atlas-data\"",
                        "socket = \"atlas-data/atlas.sock\"",
                        "socket_mode = \"0600\"".replace("\"", ""),
                        "client_listen = \"127.0.0.1:8765\"",
                        "development_mode = false",
                        "max_cache_size = 0",
                        "statement_timeout = 0",
                        "statement_memory = \"64M\"",
                        "history = \"10m\"",
                        "max_offset = \"500ms\"",
                        "fn = 1",
                        "fz = \"auto\"",
                        "latency_preset = \"local\"",
                        "tls.mode = \"auto\"",
                        "tls.certificate = \"\"",
                        "tls.key = \"\"",
                        "tls.authorities = \"\"",
                        "client_tls.mode = \"auto\"",
                        "client_tls.certificate = \"\"",
                        "client_tls.key = \"\"",
                        "auth.mode = \"auto\"",
                        "auth.first_user = \"admin\"",
                        "auth.first_password = \"\"",
                        "audit.level = \"denied\"",
                        "audit.file = \"\"",
                        "log.slow_statement = \"1s\"",
                        "log.level = \"info\"",
                        "log.format = \"auto\"");
        assertThat(flags())
                .usingRecursiveComparison()
                .ignoringFields("settings")
                .isEqualTo(new AtlasConfig(
                        new Address("localhost", 4444),
                        new Address("127.0.0.1", 4444),
                        "local",
                        "",
                        java.util.List.of(),
                        Path.of("atlas-data"),
                        Path.of("atlas-data/atlas.sock"),
                        PosixFilePermissions.fromString("rw-------"),
                        new Address("127.0.0.1", 8765),
                        false,
                        0,
                        Duration.ZERO,
                        64 << 20,
                        Duration.ofMinutes(10),
                        Duration.ofMillis(500),
                        1,
                        -1,
                        new AtlasConfig.Tls(AtlasConfig.TlsMode.NONE, "", "", ""),
                        new AtlasConfig.Tls(AtlasConfig.TlsMode.NONE, "", "", ""),
                        new AtlasConfig.Auth(false, "admin", ""),
                        new AtlasConfig.Audit(AtlasConfig.AuditLevel.DENIED, ""),
                        Duration.ofSeconds(1),
                        LogLevel.INFO,
                        LogFormat.AUTO,
                        java.util.List.of()));
    }

    @Test
    void flagsWinOverTheEnvironmentAndThatOverTheFile() throws IOException {
        Path file = file("""
                region = file
                db_path = "/data/file"
                log { level = debug, format = json }
                max_cache_size = 1K
                """);
        AtlasConfig config = ConfigLoader.load(
                file,
                Map.of("ATLAS_REGION", "environment", "ATLAS_DB_PATH", "/data/environment", "HOME", "/root"),
                Map.of("region", "flag"));
        assertThat(config.region()).isEqualTo("flag");
        assertThat(config.dbPath()).isEqualTo(Path.of("/data/environment"));
        assertThat(config.socket()).isEqualTo(Path.of("/data/environment/atlas.sock"));
        assertThat(config.logLevel()).isEqualTo(LogLevel.DEBUG);
        assertThat(config.maxCacheBytes()).isEqualTo(1024);
        assertThat(config.settings().stream().map(s -> s.key().key() + " from " + s.origin()))
                .contains(
                        "region from --region",
                        "db_path from ATLAS_DB_PATH",
                        "log.level from atlas.conf:3",
                        "advertise from default");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "17, 17",
        "17B, 17",
        "2k, 2048",
        "2KB, 2048",
        "3M, 3145728",
        "1 G, 1073741824",
        "1tb, 1099511627776"
    })
    void sizesArePowersOf1024(String text, long bytes) {
        assertThat(flags("max_cache_size", text).maxCacheBytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "250ms, 250", "30s, 30000", "5m, 300000", "2h, 7200000", "1d, 86400000"})
    void durationsHaveUnits(String text, long ms) {
        assertThat(flags("statement_timeout", text).statementTimeout()).isEqualTo(Duration.ofMillis(ms));
    }

    @Test
    void tlsFollowsWhereNodesListenUnlessItIsSaid() {
        assertThat(flags().tls().mode()).isEqualTo(AtlasConfig.TlsMode.NONE);
        assertThat(flags("listen", "0.0.0.0:4444").tls().mode()).isEqualTo(AtlasConfig.TlsMode.OWN);
        assertThat(flags("tls.mode", "own").tls().mode()).isEqualTo(AtlasConfig.TlsMode.OWN);
        assertThat(flags("tls.certificate", "a", "tls.key", "b", "tls.authorities", "c")
                        .tls())
                .isEqualTo(new AtlasConfig.Tls(AtlasConfig.TlsMode.FILES, "a", "b", "c"));
        assertThatThrownBy(() -> flags("tls.certificate", "a")).hasMessageContaining("tls.key");
        assertThatThrownBy(() -> flags("tls.mode", "own", "tls.key", "b")).hasMessageContaining("tls.mode = files");
        assertThatThrownBy(() ->
                        flags("tls.mode", "none", "listen", "0.0.0.0:1", "credentials", "0123456789abcdef0123456789"))
                .hasMessageContaining("development_mode = true");
    }

    @Test
    void theModeIsOctal() {
        assertThat(flags("socket_mode", "660").socketMode()).isEqualTo(PosixFilePermissions.fromString("rw-rw----"));
        assertThat(flags("socket_mode", "0777").socketMode()).isEqualTo(EnumSet.allOf(PosixFilePermission.class));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            client_listen     | 8765          | write host:port
            client_listen     | host:99999    | write host:port
            auth.mode         | maybe         | none, password
            audit.level       | some          | off, denied, writes, all
            region            | a b           | 1 to 64 letters
            development_mode  | maybe         | write true or false
            max_cache_size    | lots          | as 512M
            max_cache_size    | 5X            | as 512M
            max_cache_size    | -1            | as 512M
            max_cache_size    | 9999999999T   | as 512M
            statement_timeout | 30            | as 30s
            statement_memory  | 1K            | 1M at least
            history           | 9m            | write 10m to 30d
            max_offset        | 11s           | write 1ms to 10s
            socket_mode       | 0999          | octal
            log.level         | loud          | error, warn, info, debug, trace
            log.format        | xml           | auto, text, json
            """)
    void aBadValueIsNamedWithItsKeyAndAWayOut(String key, String value, String wayOut) {
        assertThatThrownBy(() -> flags(key, value))
                .isInstanceOf(AtlasException.class)
                .hasMessageContaining("invalid value " + value)
                .hasMessageContaining(key)
                .hasMessageContaining(wayOut);
    }

    @Test
    void offLoopbackNeedsTheDevelopmentMode() {
        AtlasConfig open = flags("client_listen", "0.0.0.0:8765");
        assertThat(open.clientTls().mode()).isEqualTo(AtlasConfig.TlsMode.OWN);
        assertThat(open.auth().passwordsOnly()).isTrue();
        AtlasConfig asked = flags("client_listen", "0.0.0.0:8765", "client_tls.mode", "none", "auth.mode", "none");
        assertThat(asked.clientTls().mode()).isEqualTo(AtlasConfig.TlsMode.NONE);
        assertThat(asked.auth().passwordsOnly()).isFalse();
        AtlasConfig secret = flags("auth.first_password", "do-not-tell", "credentials", "not-this-either");
        assertThat(secret.toString() + secret.auth() + secret.settings())
                .doesNotContain("do-not-tell")
                .doesNotContain("not-this-either");
        AtlasConfig config = flags("client_listen", "0.0.0.0:8765", "development_mode", "true");
        assertThat(config.clientTls().mode()).isEqualTo(AtlasConfig.TlsMode.NONE);
        assertThat(config.auth().passwordsOnly()).isFalse();
        assertThat(config.clientListen()).isEqualTo(new Address("0.0.0.0", 8765));
        assertThat(flags("client_listen", "[::1]:1").clientListen()).isEqualTo(new Address("::1", 1));
    }

    @Test
    void anUnknownKeyIsNamedWithTheNearest() throws IOException {
        Path file = file("client_port = 1\nclient_lissten = \"a:1\"");
        assertThatThrownBy(() -> ConfigLoader.load(file("clientlisten = \"a:1\""), Map.of(), Map.of()))
                .isInstanceOf(AtlasException.class)
                .hasMessage("there is no setting clientlisten (atlas.conf:1); did you mean client_listen?");
        assertThatThrownBy(() -> ConfigLoader.load(null, Map.of("ATLAS_REGIO", "x"), Map.of()))
                .hasMessage("there is no setting behind the variable ATLAS_REGIO; did you mean ATLAS_REGION?");
        assertThatThrownBy(() -> flags("xyzzy", "1")).hasMessage("there is no setting xyzzy");
        assertThat(file).exists();
    }

    @ParameterizedTest
    @EnumSource(ConfigKey.class)
    void whatHasNoEffectYetIsRefused(ConfigKey key) {
        if (!key.available()) {
            assertThatThrownBy(() -> flags(key.key(), "secret-1"))
                    .hasMessageContaining(key.key())
                    .hasMessageContaining("not available yet")
                    .satisfies(e -> assertThat(String.valueOf(e.getMessage()).contains("secret-1"))
                            .isEqualTo(!key.secret()));
        }
    }

    @Test
    void aBrokenFileIsNamedWithItsLine() throws IOException {
        Path file = file("region = local\nlog { level = ");
        assertThatThrownBy(() -> ConfigLoader.load(file, Map.of(), Map.of()))
                .isInstanceOf(AtlasException.class)
                .hasMessageContaining("cannot be read")
                .hasMessageContaining("atlas.conf: 2");
        assertThatThrownBy(() -> ConfigLoader.load(directory.resolve("none.conf"), Map.of(), Map.of()))
                .hasMessageContaining("no such file");
    }
}
