package io.atlasdb.sql.plan.ddl;

/** {@code ALTER GROUP name SET OWNER …} and {@code ALTER GROUP name SET (…)}. */
public record AlterGroup(String name, AlterTable.Action action) implements DdlCommand {
    public AlterGroup {
        if (!(action instanceof AlterTable.SetOwner || action instanceof AlterTable.SetPlacement)) {
            throw new IllegalArgumentException("a group takes no " + action.sql());
        }
    }

    @Override
    public String sql() {
        return "ALTER GROUP " + QualifiedName.quote(name) + " " + action.sql();
    }
}
