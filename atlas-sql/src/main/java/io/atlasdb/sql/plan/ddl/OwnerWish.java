package io.atlasdb.sql.plan.ddl;

import io.atlasdb.proto.ErrorCode;

/** {@code SET OWNER 'region' | NODE n | POLICY 'policy'}: the first two move the owner now, the third says where it belongs. */
public record OwnerWish(Kind kind, String value) {
    /** What is wished for. */
    public enum Kind {
        REGION,
        NODE,
        POLICY
    }

    public OwnerWish {
        if (value.isBlank()) {
            throw ErrorCode.INVALID_DEFINITION.error("SET OWNER needs a region, a node or a policy");
        }
        if (kind == Kind.NODE && !value.matches("[1-9][0-9]{0,8}")) {
            throw ErrorCode.INVALID_DEFINITION.error("a node has a number of 1 or more, this is " + value);
        }
    }

    /** As SQL writes it. */
    public String sql() {
        return "SET OWNER "
                + switch (kind) {
                    case NODE -> "NODE " + value;
                    case REGION -> literal(value);
                    case POLICY -> "POLICY " + literal(value);
                };
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
