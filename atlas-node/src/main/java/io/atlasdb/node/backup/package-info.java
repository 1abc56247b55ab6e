/**
 * Copies of the whole cluster at one timestamp: made on the node that is asked, carried as chunks in the rows of a statement, kept
 * by the command in a folder of files with a manifest, and written back into an empty cluster.
 *
 * <p>Invariant: a folder is a backup when its manifest stands, and the manifest is written when everything else is on disk; a
 * cluster shows none of a backup's tables before all of their rows are there.
 *
 * <p>Copied are the rows of all groups, with their indexes, descriptors, sequences, rights and retention, and of group 0 the names,
 * the placements and the users. Not copied is what belongs to the cluster that it came from: its nodes, zones and name, the first
 * members of its groups, records of transactions and answered requests.
 */
@NullMarked
package io.atlasdb.node.backup;

import org.jspecify.annotations.NullMarked;
