/**
 * Values that are too large for their rows: chunks of 1 MiB in files that are named by their content. DESIGN.md beside this
 * tells what must hold, and how.
 *
 * <p>Invariant: a chunk that a row, an entry on its way, an upload or a download refers to is not removed; and what was read
 * has been compared with its name. The package knows neither rows nor logs: it is told what they refer to.
 */
@NullMarked
package io.atlasdb.node.blob;

import org.jspecify.annotations.NullMarked;
