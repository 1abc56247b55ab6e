/**
 * The {@code atlas} command: its subcommands, the two shells and {@code main()}.
 *
 * <p>Invariant: an error of the user ends in one line on standard error and the exit code that {@link Exit} lists, never in
 * a stack trace. What a command prints on standard output is its result alone, so that it can be piped on.
 */
@NullMarked
package io.atlasdb.node.cli;

import org.jspecify.annotations.NullMarked;
