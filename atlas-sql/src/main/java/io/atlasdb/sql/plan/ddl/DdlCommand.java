package io.atlasdb.sql.plan.ddl;

/** A statement that changes the schema, or a table as a whole. */
public sealed interface DdlCommand extends Command
        permits CreateSchema,
                DropSchema,
                CreateTable,
                DropTable,
                AlterTable,
                CreateIndex,
                DropIndex,
                TruncateTable,
                CreateGroup,
                DropGroup,
                AlterGroup,
                ChangeRights,
                UserCommand {}
