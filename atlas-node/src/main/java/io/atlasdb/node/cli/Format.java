package io.atlasdb.node.cli;

/** How rows are printed. */
enum Format {
    /** Columns with a frame. */
    TABLE,
    /** A line per value. */
    VERTICAL,
    /** RFC 4180: quoted where needed, NULL is nothing. */
    CSV,
    /** Tabs between values; tabs, line breaks and backslashes in them are escaped, NULL is {@code \N}. */
    TSV,
    /** An array of objects. */
    JSON,
    /** An element per row. */
    XML
}
