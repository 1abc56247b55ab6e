package io.atlasdb.node.kv;

import io.atlasdb.node.replica.StateMachine;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Groups that may have ended, until their rows are removed. The mark of the end itself stays in META. */
final class Dropped {
    private static final long UNKNOWN = -1;

    private final Map<Long, Long> whenByGroup = new ConcurrentHashMap<>();

    /** A group whose mark must be looked for. */
    void look(long group) {
        whenByGroup.putIfAbsent(group, UNKNOWN);
    }

    /** Removes a bounded part of the rows of groups that ended at or below the horizon; whether there is more to do now. */
    boolean remove(StateMachine machine, long horizon) {
        boolean more = false;
        Iterator<Map.Entry<Long, Long>> groups = whenByGroup.entrySet().iterator();
        while (groups.hasNext() && !more) {
            Map.Entry<Long, Long> next = groups.next();
            long group = next.getKey();
            if (next.getValue() == UNKNOWN) {
                byte[] mark = machine.meta(group, KvApplier.DROPPED);
                if (mark == null) {
                    groups.remove();
                    continue;
                }
                next.setValue(ByteBuffer.wrap(mark).getLong());
            }
            if (next.getValue() <= horizon) {
                if (machine.remove(group)) {
                    groups.remove();
                } else {
                    more = true;
                }
            }
        }
        return more;
    }
}
