package io.atlasdb.node.cli;

/** What {@code \?} shows. */
final class ShellHelp {
    static final String TEXT = """
            A statement ends with a semicolon. Commands are one line each:
              \\d [table]                      tables, or the columns of a table (% and _ as in LIKE)
              \\dt [table]  \\di [table]  \\l    tables, indexes, schemas
              \\watch [seconds [times]]        runs the last statement again and again; Ctrl-C ends it
              \\copy table [(columns)] TO 'file.csv'      also: \\copy (query) TO 'file.csv'
              \\copy table [(columns)] FROM 'file.csv'    its first line names the columns
              \\i file                         runs the statements of a file
              \\x                              one column per line, and back
              \\timing                         shows how long statements take, or not
              \\q                              leaves
            SHOW ALL lists settings, EXPLAIN shows how a statement is run.""";

    private ShellHelp() {}
}
