/**
 * The configuration of a node: every key with its type and default ({@link ConfigKey}), read from a file, the environment
 * and flags ({@link ConfigLoader}) into one checked value ({@link AtlasConfig}).
 *
 * <p>Invariant: a configuration that exists is valid, and nothing that was set is ignored: an unknown key, a bad value and a
 * key that has no effect yet are errors that say what to do. Secrets never leave the package except through their accessor.
 */
@NullMarked
package io.atlasdb.node.config;

import org.jspecify.annotations.NullMarked;
