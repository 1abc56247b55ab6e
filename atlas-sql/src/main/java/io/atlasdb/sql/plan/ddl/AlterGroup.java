package io.atlasdb.sql.plan.ddl;

/** {@code ALTER GROUP name SET OWNER …}. */
public record AlterGroup(String name, OwnerWish wish) implements DdlCommand {
    @Override
    public String sql() {
        return "ALTER GROUP " + QualifiedName.quote(name) + " " + wish.sql();
    }
}
