/**
 * Rows and keys to bytes and back.
 *
 * <p><b>Keys</b> sort like their values: a NULL is 00 and stands before every value; whole numbers are a byte that tells sign
 * and length, then the shortest big-endian form; a DECIMAL is its unscaled number, since a column has one scale; REAL and
 * DOUBLE are IEEE bits with the sign flipped (−0 is stored as 0, NaN is above all); text and bytes have 00 written as 00 FF and
 * end with 00 01; a descending column has all its bytes inverted. Every encoding is free of prefixes, so columns just follow
 * each other.
 *
 * <p>Text sorts by UTF-16 code unit and UUIDs as {@link java.util.UUID#compareTo} has it, both as Java compares them. This is on
 * purpose: a condition gives the same rows whether an index or a filter in memory answers it, and sorted inputs from both can
 * be merged. Characters beyond the basic plane are therefore six bytes in a key, one surrogate after the other.
 *
 * <p><b>Rows</b> hold all columns but those of the primary key, which are read from the key:
 *
 * <pre>
 *   format and width of offsets | bytes of a bit set | ids held | ids held and not NULL | end offsets | data
 * </pre>
 *
 * A row says itself which column ids it holds, and each value has an end offset. So rows of every schema version are read
 * without the schema that wrote them: a column that was added later takes its recorded value, one that was dropped is
 * stepped over. This costs one offset byte per value; numbers take only the bytes that they need.
 *
 * <p>Invariant: what was encoded decodes to an equal value, −0.0 in a key and the scale of a DECIMAL excepted. No I/O, no state.
 */
@NullMarked
package io.atlasdb.sql.codec;

import org.jspecify.annotations.NullMarked;
