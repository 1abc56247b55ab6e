/**
 * A node to try things on: in a temporary folder, on free ports, with sample tables; nothing is left of it afterwards.
 */
@NullMarked
package io.atlasdb.node.demo;

import org.jspecify.annotations.NullMarked;
