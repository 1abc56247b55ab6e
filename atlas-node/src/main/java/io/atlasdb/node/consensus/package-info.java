/**
 * WPaxos as a pure function of its inputs: no I/O, no clock, no thread, no randomness. One object holds the
 * state of one group at one node; an input changes it and gives back what is to be done, each part with its
 * ordering duty.
 */
@NullMarked
package io.atlasdb.node.consensus;

import org.jspecify.annotations.NullMarked;
