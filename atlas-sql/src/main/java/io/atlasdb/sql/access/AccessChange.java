package io.atlasdb.sql.access;

import io.atlasdb.proto.ErrorCode;
import java.util.List;

/**
 * More or fewer rights for some principals.
 *
 * @param grants true to give, false to take
 * @param rights a set of {@link Rights}
 */
public record AccessChange(boolean grants, int rights, List<String> principals) {
    public AccessChange {
        principals = List.copyOf(principals);
        principals.forEach(AccessList::requireName);
        if (grants && (rights & Rights.OWNER) != 0 && principals.contains(AccessList.PUBLIC)) {
            throw ErrorCode.INVALID_PARAMETER.error(
                    "principal", AccessList.PUBLIC, "what everybody owned would be as if nobody did");
        }
    }

    /** The list after it. */
    AccessList apply(AccessList list, long version) {
        AccessList next = list;
        for (String principal : principals) {
            next = grants ? next.with(principal, rights, version) : next.without(principal, rights, version);
        }
        return next;
    }
}
