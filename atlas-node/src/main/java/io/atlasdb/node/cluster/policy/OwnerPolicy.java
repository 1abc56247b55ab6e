package io.atlasdb.node.cluster.policy;

import io.atlasdb.proto.ErrorCode;
import java.util.Locale;

/**
 * What a group wants of the place of its owner.
 *
 * @param region the region that {@code PIN} names; empty for the others
 */
public record OwnerPolicy(Kind kind, String region) {
    /** The owner goes where the work is, when that pays. */
    public static final OwnerPolicy FOLLOW = new OwnerPolicy(Kind.FOLLOW, "");
    /** The owner goes to the region that used the group most since it was last asked. */
    public static final OwnerPolicy IMMEDIATE = new OwnerPolicy(Kind.IMMEDIATE, "");

    private static final String PIN = "pin:";

    /** The kinds of policies. */
    public enum Kind {
        FOLLOW,
        PIN,
        IMMEDIATE
    }

    public OwnerPolicy {
        if ((kind == Kind.PIN) == region.isEmpty()) {
            throw new IllegalArgumentException(kind + " with region '" + region + "'");
        }
    }

    /**
     * Reads {@code follow}, {@code immediate} or {@code pin:<region>}; empty means {@code follow}.
     *
     * @throws io.atlasdb.proto.AtlasException {@code INVALID_PARAMETER}
     */
    public static OwnerPolicy parse(String text) {
        String stripped = text.strip();
        String lower = stripped.toLowerCase(Locale.ROOT);
        if (lower.isEmpty() || lower.equals("follow")) {
            return FOLLOW;
        }
        if (lower.equals("immediate")) {
            return IMMEDIATE;
        }
        if (lower.startsWith(PIN) && lower.length() > PIN.length()) {
            return new OwnerPolicy(Kind.PIN, stripped.substring(PIN.length()).strip());
        }
        throw ErrorCode.INVALID_PARAMETER.error("owner_policy", text, "follow, immediate and pin:<region> are known");
    }

    @Override
    public String toString() {
        return kind == Kind.PIN ? PIN + region : kind.name().toLowerCase(Locale.ROOT);
    }
}
