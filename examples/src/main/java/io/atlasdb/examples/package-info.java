/**
 * Small programs that use Atlas as an application would; the tests run them.
 */
@NullMarked
package io.atlasdb.examples;

import org.jspecify.annotations.NullMarked;
