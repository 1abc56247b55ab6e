package io.atlasdb.node.cli;

import io.atlasdb.node.config.AtlasConfig;
import io.atlasdb.node.config.ConfigKey;
import io.atlasdb.node.config.ConfigLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** One flag per key of the configuration, and {@code --config}. */
final class ConfigFlags {
    private static final Path DEFAULT_FILE = Path.of("atlas.conf");

    private ConfigFlags() {}

    /** Adds the flags to a command. */
    static void add(CommandSpec command) {
        command.addOption(OptionSpec.builder("--config")
                .paramLabel("<file>")
                .type(Path.class)
                .description("the configuration file (default: atlas.conf, if there is one)")
                .build());
        for (ConfigKey key : ConfigKey.values()) {
            boolean flag = key == ConfigKey.DEVELOPMENT_MODE;
            command.addOption(OptionSpec.builder(key.flag())
                    .paramLabel("<value>")
                    .type(String.class)
                    .arity(flag ? "0..1" : "1")
                    .fallbackValue("true")
                    .hidden(!key.available())
                    .description(key.description()
                            + (key.defaultText().isEmpty() ? "" : " (default: " + key.defaultText() + ")"))
                    .build());
        }
    }

    /** The configuration that the flags, the environment and the file give. */
    static AtlasConfig load(CommandSpec command) {
        return load(command, Map.of());
    }

    /** The same, with values by key that come before all others. */
    static AtlasConfig load(CommandSpec command, Map<String, String> fixed) {
        Path file = command.findOption("--config").getValue();
        Map<String, String> flags = new LinkedHashMap<>();
        for (ConfigKey key : ConfigKey.values()) {
            String value = command.findOption(key.flag()).getValue();
            if (value != null) {
                flags.put(key.key(), value);
            }
        }
        flags.putAll(fixed);
        if (file == null && Files.isRegularFile(DEFAULT_FILE)) {
            file = DEFAULT_FILE;
        }
        return ConfigLoader.load(file, System.getenv(), flags);
    }
}
