package io.atlasdb.sql.catalog;

/**
 * A group that tables are placed in together, so that they change in one log and have one owner.
 *
 * @param id its number in the store
 */
public record TableGroup(String name, long id) {}
