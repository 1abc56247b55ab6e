package io.atlasdb.node.config;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts to typed values. An error names the key, where it was set, the value and what would be taken. */
final class Values {
    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(\\d{1,18})\\s*([A-Za-z]*)");
    private static final Map<String, Integer> SIZE_SHIFTS = Map.of("", 0, "B", 0, "K", 10, "M", 20, "G", 30, "T", 40);
    private static final Map<String, Long> UNIT_MS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
    private static final Pattern MODE = Pattern.compile("0?[0-7]{3}");

    /** A value and where it came from. */
    record Text(ConfigKey key, String value, String origin) {
        AtlasException invalid(String wayOut) {
            String shown = key.secret() ? "***" : value.isEmpty() ? "''" : value;
            String where = origin.equals("default") ? key.key() : key.key() + " (" + origin + ")";
            return ErrorCode.INVALID_PARAMETER.error(where, shown, wayOut);
        }
    }

    private Values() {}

    static Address address(Text text) {
        Address address = Address.parse(text.value());
        if (address == null) {
            throw text.invalid("write host:port with a port from 0 to 65535, as 127.0.0.1:8765");
        }
        return address;
    }

    /** Addresses behind commas; none for an empty text. */
    static List<Address> addresses(Text text) {
        List<Address> addresses = new ArrayList<>();
        for (String one : text.value().split(",", -1)) {
            if (!one.isBlank()) {
                addresses.add(address(new Text(text.key(), one.strip(), text.origin())));
            }
        }
        return addresses;
    }

    static boolean isAuto(Text text) {
        return text.value().equalsIgnoreCase("auto");
    }

    /** A whole number from 0 to {@code max}. */
    static int number(Text text, int max) {
        try {
            int number = Integer.parseInt(text.value());
            if (number >= 0 && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // falls through to the same answer
        }
        throw text.invalid("write a number from 0 to " + max);
    }

    static String name(Text text) {
        if (!text.value().matches("[A-Za-z0-9._-]{1,64}")) {
            throw text.invalid("write 1 to 64 letters, digits, dots, dashes or underscores");
        }
        return text.value();
    }

    static boolean bool(Text text) {
        return switch (text.value().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default -> throw text.invalid("write true or false");
        };
    }

    /** Bytes: a number with K, M, G or T (powers of 1024), a B after it or not. */
    static long size(Text text) {
        String wayOut = "write a number of bytes with K, M, G or T, as 512M";
        Matcher matcher = NUMBER_AND_UNIT.matcher(text.value().strip());
        if (!matcher.matches()) {
            throw text.invalid(wayOut);
        }
        String unit = matcher.group(2).toUpperCase(Locale.ROOT);
        Integer shift = SIZE_SHIFTS.get(unit.length() == 2 && unit.endsWith("B") ? unit.substring(0, 1) : unit);
        long number = Long.parseLong(matcher.group(1));
        if (shift == null || number > Long.MAX_VALUE >> shift) {
            throw text.invalid(wayOut);
        }
        return number << shift;
    }

    /** A number with ms, s, m, h or d; 0 needs no unit. */
    static Duration duration(Text text) {
        String wayOut = "write a number with ms, s, m, h or d, as 30s";
        Matcher matcher = NUMBER_AND_UNIT.matcher(text.value().strip());
        if (!matcher.matches()) {
            throw text.invalid(wayOut);
        }
        long number = Long.parseLong(matcher.group(1));
        if (number == 0 && matcher.group(2).isEmpty()) {
            return Duration.ZERO;
        }
        Long unitMs = UNIT_MS.get(matcher.group(2));
        if (unitMs == null || number > Long.MAX_VALUE / unitMs) {
            throw text.invalid(wayOut);
        }
        return Duration.ofMillis(number * unitMs);
    }

    /** Permissions of a file, octal. */
    static Set<PosixFilePermission> mode(Text text) {
        if (!MODE.matcher(text.value()).matches()) {
            throw text.invalid("write three octal digits, as 0600");
        }
        int bits = Integer.parseInt(text.value(), 8);
        Set<PosixFilePermission> mode = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] permissions = PosixFilePermission.values();
        for (int i = 0; i < permissions.length; i++) {
            // The enum goes from the owner's read to the others' execute, as the bits do from the highest.
            if ((bits & (1 << (permissions.length - 1 - i))) != 0) {
                mode.add(permissions[i]);
            }
        }
        return mode;
    }

    static <E extends Enum<E>> E choice(Class<E> type, Text text) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equalsIgnoreCase(text.value())) {
                return constant;
            }
        }
        throw text.invalid("write one of " + AtlasConfig.names(type));
    }
}
