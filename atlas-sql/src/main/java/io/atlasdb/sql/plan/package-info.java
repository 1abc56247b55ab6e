/**
 * From SQL text to a {@code Plan}: parser, Calcite schema adapter, rules, plan cache and runtime functions. Plans are data;
 * nothing here touches rows. Generated code reaches rows through the interface {@code RowSource}, which {@code exec} implements.
 */
@NullMarked
package io.atlasdb.sql.plan;

import org.jspecify.annotations.NullMarked;
