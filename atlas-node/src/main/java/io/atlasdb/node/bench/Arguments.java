package io.atlasdb.node.bench;

import io.atlasdb.node.config.Nearest;
import io.atlasdb.proto.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The arguments of a benchmark: {@code --name value} or {@code --name=value}, each with a default.
 *
 * <p>Every problem is an {@link io.atlasdb.proto.AtlasException} that names the argument.
 */
final class Arguments {
    private final Map<String, String> values;

    private Arguments(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads arguments.
     *
     * @param defaults every known name without its dashes, with the value it has when it is not given; "" for none
     */
    static Arguments parse(List<String> arguments, Map<String, String> defaults) {
        Map<String, String> values = new LinkedHashMap<>(defaults);
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            int equals = argument.indexOf('=');
            String flag = equals < 0 ? argument : argument.substring(0, equals);
            String name = flag.startsWith("--") ? flag.substring(2) : "";
            if (!defaults.containsKey(name)) {
                throw ErrorCode.NO_SUCH_SETTING.error(flag, Nearest.hint(name, defaults.keySet()));
            }
            if (equals >= 0) {
                values.put(name, argument.substring(equals + 1));
            } else if (++i < arguments.size()) {
                values.put(name, arguments.get(i));
            } else {
                throw ErrorCode.INVALID_PARAMETER.error(flag, "(none)", "a value is missing");
            }
        }
        return new Arguments(values);
    }

    /** The text of an argument, empty when it has none. */
    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    /** A whole number between the bounds, both included. */
    int integer(String name, int min, int max) {
        return integer(name, text(name).orElse(""), min, max);
    }

    /** Whole numbers separated by commas, at least one, each between the bounds. */
    List<Integer> integers(String name, int min, int max) {
        List<Integer> numbers = new ArrayList<>();
        for (String part : text(name).orElse("").split(",", -1)) {
            numbers.add(integer(name, part.strip(), min, max));
        }
        return List.copyOf(numbers);
    }

    /** A number between the bounds, both included. */
    double decimal(String name, double min, double max) {
        String value = text(name).orElse("");
        double number;
        try {
            number = Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw ErrorCode.INVALID_PARAMETER.error(e, "--" + name, value, "a number is wanted");
        }
        if (!(number >= min && number <= max)) {
            throw ErrorCode.INVALID_PARAMETER.error("--" + name, value, "it must be from " + min + " to " + max);
        }
        return number;
    }

    /** Words separated by commas, each one of those allowed; none when the argument is empty. */
    List<String> words(String name, List<String> allowed) {
        List<String> words = new ArrayList<>();
        for (String part : text(name).map(text -> text.split(",", -1)).orElse(new String[0])) {
            String word = part.strip();
            if (!allowed.contains(word)) {
                throw ErrorCode.INVALID_PARAMETER.error(
                        "--" + name, word, "known are " + String.join(", ", allowed) + Nearest.hint(word, allowed));
            }
            words.add(word);
        }
        return List.copyOf(words);
    }

    private static int integer(String name, String value, int min, int max) {
        int number;
        try {
            number = Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw ErrorCode.INVALID_PARAMETER.error(e, "--" + name, value, "a whole number is wanted");
        }
        if (number < min || number > max) {
            throw ErrorCode.INVALID_PARAMETER.error("--" + name, value, "it must be from " + min + " to " + max);
        }
        return number;
    }
}
