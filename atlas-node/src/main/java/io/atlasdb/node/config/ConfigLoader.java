package io.atlasdb.node.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import io.atlasdb.node.config.AtlasConfig.Audit;
import io.atlasdb.node.config.AtlasConfig.AuditLevel;
import io.atlasdb.node.config.AtlasConfig.Auth;
import io.atlasdb.node.config.AtlasConfig.AuthMode;
import io.atlasdb.node.config.AtlasConfig.LogFormat;
import io.atlasdb.node.config.AtlasConfig.LogLevel;
import io.atlasdb.node.config.AtlasConfig.Setting;
import io.atlasdb.node.config.AtlasConfig.Tls;
import io.atlasdb.node.config.AtlasConfig.TlsMode;
import io.atlasdb.node.config.Values.Text;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a configuration: flags over environment over file over defaults. */
public final class ConfigLoader {
    /** Variables that begin like ours and speak to the launcher and the client commands. */
    private static final Set<String> OTHER_VARIABLES = Set.of(
            "ATLAS_HOME", "ATLAS_HEAP", "ATLAS_JAVA", "ATLAS_JAVA_OPTS", "ATLAS_MAVEN", "ATLAS_URL", "ATLAS_PASSWORD");

    private static final String PREFIX = "ATLAS_";
    private static final Duration HISTORY_MIN = Duration.ofMinutes(10);
    private static final Duration HISTORY_MAX = Duration.ofDays(30);
    private static final Duration OFFSET_MIN = Duration.ofMillis(1);
    private static final Duration OFFSET_MAX = Duration.ofSeconds(10);
    /** A secret that is not found by trying. */
    private static final int CREDENTIALS_CHARACTERS_MIN = 8;

    private final Map<ConfigKey, Text> texts = new EnumMap<>(ConfigKey.class);

    private ConfigLoader() {
        for (ConfigKey key : ConfigKey.values()) {
            texts.put(key, new Text(key, key.defaultText(), "default"));
        }
    }

    /**
     * Reads and checks a configuration.
     *
     * @param file HOCON, or null for none
     * @param environment variables; those that do not begin with {@code ATLAS_} are not looked at
     * @param flags values by the name of their key
     * @throws AtlasException {@code NO_SUCH_SETTING} for an unknown key, {@code INVALID_PARAMETER} for a bad value or a key
     *     that has no effect yet, {@code SYNTAX} for a file that cannot be read
     */
    public static AtlasConfig load(@Nullable Path file, Map<String, String> environment, Map<String, String> flags) {
        ConfigLoader loader = new ConfigLoader();
        if (file != null) {
            loader.readFile(file);
        }
        environment.forEach(loader::readVariable);
        flags.forEach((name, value) -> {
            ConfigKey key = ConfigKey.of(name).orElseThrow(() -> unknown(name, ""));
            loader.set(key, value, key.flag());
        });
        return loader.build();
    }

    private void readFile(Path file) {
        if (!Files.isRegularFile(file)) {
            throw ErrorCode.INVALID_PARAMETER.error("--config", file, "there is no such file");
        }
        Config config;
        try {
            config = ConfigFactory.parseFile(
                            file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false))
                    .resolve();
        } catch (ConfigException e) {
            throw ErrorCode.SYNTAX.error("the configuration cannot be read: " + e.getMessage());
        }
        for (Map.Entry<String, ConfigValue> entry : config.entrySet()) {
            String name = entry.getKey().replace("\"", "");
            String origin = file.getFileName() + ":" + entry.getValue().origin().lineNumber();
            ConfigKey key = ConfigKey.of(name).orElseThrow(() -> unknown(name, " (" + origin + ")"));
            set(key, text(entry.getValue().unwrapped()), origin);
        }
    }

    private static String text(Object value) {
        return value instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
                : String.valueOf(value);
    }

    private void readVariable(String variable, String value) {
        if (!variable.startsWith(PREFIX) || OTHER_VARIABLES.contains(variable)) {
            return;
        }
        ConfigKey key = Arrays.stream(ConfigKey.values())
                .filter(k -> k.variable().equals(variable))
                .findFirst()
                .orElseThrow(() -> ErrorCode.NO_SUCH_SETTING.error(
                        "behind the variable " + variable,
                        Nearest.hint(
                                variable,
                                Arrays.stream(ConfigKey.values())
                                        .map(ConfigKey::variable)
                                        .toList())));
        set(key, value, variable);
    }

    private static AtlasException unknown(String name, String where) {
        return ErrorCode.NO_SUCH_SETTING.error(
                name + where,
                Nearest.hint(
                        name,
                        Arrays.stream(ConfigKey.values()).map(ConfigKey::key).toList()));
    }

    private void set(ConfigKey key, String value, String origin) {
        Text text = new Text(key, value.strip(), origin);
        if (!key.available()) {
            throw text.invalid("this setting is not available yet; leave it out");
        }
        texts.put(key, text);
    }

    private Text text(ConfigKey key) {
        return Objects.requireNonNull(texts.get(key), key.key());
    }

    private AtlasConfig build() {
        Path dbPath = path(text(ConfigKey.DB_PATH));
        Text socketText = text(ConfigKey.SOCKET);
        Path socket = socketText.value().isEmpty() ? dbPath.resolve("atlas.sock") : path(socketText);
        texts.put(ConfigKey.SOCKET, new Text(ConfigKey.SOCKET, socket.toString(), socketText.origin()));
        boolean developmentMode = Values.bool(text(ConfigKey.DEVELOPMENT_MODE));
        Address clientListen = Values.address(text(ConfigKey.CLIENT_LISTEN));
        Address listen = Values.address(text(ConfigKey.LISTEN));
        String credentials = text(ConfigKey.CREDENTIALS).value();
        if (!credentials.isEmpty() && credentials.length() < CREDENTIALS_CHARACTERS_MIN) {
            throw text(ConfigKey.CREDENTIALS)
                    .invalid("a secret of " + CREDENTIALS_CHARACTERS_MIN
                            + " characters at least, as openssl rand -hex 16");
        }
        List<Address> connect = Values.addresses(text(ConfigKey.CONNECT));
        if (!connect.isEmpty() && credentials.isEmpty()) {
            throw text(ConfigKey.CONNECT).invalid("give the credentials of the cluster as well");
        }
        Tls tls = tls(
                text(ConfigKey.TLS_MODE),
                List.of(text(ConfigKey.TLS_CERTIFICATE), text(ConfigKey.TLS_KEY), text(ConfigKey.TLS_AUTHORITIES)),
                listen.isLoopback());
        Tls clientTls = clientTls(clientListen.isLoopback() || developmentMode);
        Auth auth = auth(clientListen.isLoopback() || developmentMode);
        if (!credentials.isEmpty() && !developmentMode && !listen.isLoopback() && tls.mode() == TlsMode.NONE) {
            throw text(ConfigKey.TLS_MODE)
                    .invalid("off loopback nodes would speak in plain text; leave it out, or allow that by"
                            + " development_mode = true");
        }
        long statementMemoryBytes = Values.size(text(ConfigKey.STATEMENT_MEMORY));
        if (statementMemoryBytes < 1 << 20) {
            throw text(ConfigKey.STATEMENT_MEMORY).invalid("a statement needs 1M at least");
        }
        Duration maxOffset = Values.duration(text(ConfigKey.MAX_OFFSET));
        if (maxOffset.compareTo(OFFSET_MIN) < 0 || maxOffset.compareTo(OFFSET_MAX) > 0) {
            throw text(ConfigKey.MAX_OFFSET).invalid("write 1ms to 10s");
        }
        Duration history = Values.duration(text(ConfigKey.HISTORY));
        if (history.compareTo(HISTORY_MIN) < 0 || history.compareTo(HISTORY_MAX) > 0) {
            throw text(ConfigKey.HISTORY).invalid("write 10m to 30d");
        }
        return new AtlasConfig(
                advertise(listen),
                listen,
                Values.name(text(ConfigKey.REGION)),
                credentials,
                connect,
                dbPath,
                socket,
                Values.mode(text(ConfigKey.SOCKET_MODE)),
                clientListen,
                developmentMode,
                Values.size(text(ConfigKey.MAX_CACHE_SIZE)),
                Values.duration(text(ConfigKey.STATEMENT_TIMEOUT)),
                statementMemoryBytes,
                history,
                maxOffset,
                Values.number(text(ConfigKey.FN), 100),
                Values.isAuto(text(ConfigKey.FZ)) ? -1 : Values.number(text(ConfigKey.FZ), 100),
                tls,
                clientTls,
                auth,
                audit(),
                Values.duration(text(ConfigKey.LOG_SLOW_STATEMENT)),
                Values.choice(LogLevel.class, text(ConfigKey.LOG_LEVEL)),
                Values.choice(LogFormat.class, text(ConfigKey.LOG_FORMAT)),
                texts.values().stream().map(ConfigLoader::shown).toList());
    }

    /** The protection that was asked for; by itself the operator's files, else an own authority where others read along. */
    private static Tls tls(Text modeText, List<Text> files, boolean safe) {
        boolean named = files.stream().anyMatch(file -> !file.value().isEmpty());
        TlsMode mode = !Values.isAuto(modeText)
                ? Values.choice(TlsMode.class, modeText)
                : named ? TlsMode.FILES : safe ? TlsMode.NONE : TlsMode.OWN;
        for (Text file : files) {
            if (mode == TlsMode.FILES && file.value().isEmpty()) {
                throw file.invalid(
                        files.size() == 3
                                ? "certificate, key and authorities are given together"
                                : "certificate and key are given together");
            }
            if (mode != TlsMode.FILES && !file.value().isEmpty()) {
                throw file.invalid("leave it out, or set " + modeText.key().key() + " = files");
            }
        }
        return new Tls(
                mode,
                files.get(0).value(),
                files.get(1).value(),
                files.size() == 3 ? files.get(2).value() : "");
    }

    private Tls clientTls(boolean safe) {
        return tls(
                text(ConfigKey.CLIENT_TLS_MODE),
                List.of(text(ConfigKey.CLIENT_TLS_CERTIFICATE), text(ConfigKey.CLIENT_TLS_KEY)),
                safe);
    }

    private Audit audit() {
        return new Audit(
                Values.choice(AuditLevel.class, text(ConfigKey.AUDIT_LEVEL)),
                text(ConfigKey.AUDIT_FILE).value());
    }

    private Auth auth(boolean safe) {
        Text modeText = text(ConfigKey.AUTH_MODE);
        AuthMode mode = !Values.isAuto(modeText)
                ? Values.choice(AuthMode.class, modeText)
                : safe ? AuthMode.NONE : AuthMode.PASSWORD;
        Text password = text(ConfigKey.AUTH_FIRST_PASSWORD);
        if (!password.value().isEmpty() && password.value().length() < CREDENTIALS_CHARACTERS_MIN) {
            throw password.invalid("a password of " + CREDENTIALS_CHARACTERS_MIN + " characters at least");
        }
        return new Auth(
                mode == AuthMode.PASSWORD, text(ConfigKey.AUTH_FIRST_USER).value(), password.value());
    }

    /** What others reach the node by; where it listens, when only that is said. */
    private Address advertise(Address listen) {
        Text text = text(ConfigKey.ADVERTISE);
        boolean said = !text.origin().equals("default");
        return said || text(ConfigKey.LISTEN).origin().equals("default") ? Values.address(text) : listen;
    }

    private static Path path(Text text) {
        if (text.value().isEmpty() || text.value().indexOf('\0') >= 0) {
            throw text.invalid("write a path");
        }
        return Path.of(text.value());
    }

    private static Setting shown(Text text) {
        boolean masked = text.key().secret() && !text.value().isEmpty();
        return new Setting(text.key(), masked ? "***" : text.value(), text.origin());
    }
}
