package io.atlasdb.sql.catalog;

/** A CHECK constraint: its name and the text of its condition. */
public record Check(String name, String sql) {}
