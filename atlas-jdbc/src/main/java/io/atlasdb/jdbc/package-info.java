/**
 * The JDBC driver of Atlas: URL and properties, transport, and subclasses of Avatica's classes where those are
 * wrong or silent.
 */
@NullMarked
package io.atlasdb.jdbc;

import org.jspecify.annotations.NullMarked;
