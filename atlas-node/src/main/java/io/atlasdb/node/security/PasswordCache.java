package io.atlasdb.node.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Passwords that were verified a moment ago, so that each HTTP request does not pay for it again. What is kept is a hash of user,
 * password and stored form under a key that lives as long as the process: a new password is not found. Safe for any thread.
 */
final class PasswordCache {
    private static final long LIFE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int ENTRIES_MAX = 1_000;
    private static final String HMAC = "HmacSHA256";

    private final SecretKeySpec key;
    private final LongSupplier nanos;
    private final Map<ByteBuffer, Long> verified = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Long> eldest) {
            return size() > ENTRIES_MAX;
        }
    };

    PasswordCache(LongSupplier nanos) {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, HMAC);
        this.nanos = nanos;
    }

    boolean knows(String user, String password, String stored) {
        ByteBuffer hash = hash(user, password, stored);
        synchronized (verified) {
            Long since = verified.get(hash);
            return since != null && nanos.getAsLong() - since < LIFE_NANOS;
        }
    }

    void add(String user, String password, String stored) {
        ByteBuffer hash = hash(user, password, stored);
        synchronized (verified) {
            verified.put(hash, nanos.getAsLong());
        }
    }

    private ByteBuffer hash(String... parts) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            for (String part : parts) {
                byte[] bytes = part.getBytes(UTF_8);
                mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
                mac.update(bytes);
            }
            return ByteBuffer.wrap(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
