/** Keeps the documentation true: links lead somewhere, snippets run, and lists are those of the code. */
@NullMarked
package io.atlasdb.examples.docs;

import org.jspecify.annotations.NullMarked;
