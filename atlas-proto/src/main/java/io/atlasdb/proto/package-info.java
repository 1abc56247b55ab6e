/**
 * What the two ends of a connection share: error codes and the exception that carries them, and the protobuf
 * messages of the framed client protocol. No logic that belongs to one side only.
 */
@NullMarked
package io.atlasdb.proto;

import org.jspecify.annotations.NullMarked;
