/**
 * The journal on disk: segments, checksums, group commit, recovery, truncation. Invariant: what was forced is found again, in
 * order, and bytes that were damaged, torn or left over from an earlier use of a file are never taken for data. Knows records,
 * not what they decide; DESIGN.md beside the code has the layouts and the failure cases.
 */
@NullMarked
package io.atlasdb.node.log;

import org.jspecify.annotations.NullMarked;
