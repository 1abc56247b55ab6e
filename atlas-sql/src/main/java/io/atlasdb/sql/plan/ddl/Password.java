package io.atlasdb.sql.plan.ddl;

import java.util.Objects;

/** A password within a statement. Only {@link #text} gives it away. */
public final class Password {
    private final String text;

    /** A password, or the stored form of one. */
    public Password(String text) {
        this.text = text;
    }

    /** What was written. */
    public String text() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Password password && text.equals(password.text);
    }

    @Override
    public int hashCode() {
        return Objects.hash(text);
    }

    @Override
    public String toString() {
        return "***";
    }
}
