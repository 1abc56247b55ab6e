package io.atlasdb.sql.plan;

import io.atlasdb.sql.catalog.SqlType;

/** A parameter of a statement, with the type that its place asks for. Other types are converted when that loses nothing. */
public record Parameter(SqlType type, boolean nullable) {}
