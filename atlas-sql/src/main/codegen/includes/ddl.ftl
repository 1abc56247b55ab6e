<#-- CREATE, ALTER, DROP and TRUNCATE. -->

SqlNode AtlasCreate() :
{ Command c; }
{
    <CREATE>
    (
        <TABLE> c = AtlasCreateTable() { return new CommandNode(c, getPos()); }
    |
        c = AtlasCreateIndex() { return new CommandNode(c, getPos()); }
    |
        <SCHEMA> c = AtlasCreateSchema() { return new CommandNode(c, getPos()); }
    |
        <GROUP> c = AtlasCreateGroup() { return new CommandNode(c, getPos()); }
    |
        c = AtlasCreateUser() { return new CommandNode(c, getPos()); }
    |
        ( <VIEW> | <SEQUENCE> | <FUNCTION> | <PROCEDURE> | <TRIGGER> | <TYPE> | <DOMAIN> | <DATABASE>
        | <TEMPORARY> | <GLOBAL> | <LOCAL> | <MATERIALIZED> ) { return refuseRest("CREATE "); }
    |
        <OR> <REPLACE> { return refuseRest("CREATE OR "); }
    )
}

Command AtlasCreateSchema() :
{ boolean absent; String name; }
{
    absent = IfNotExistsOpt() name = Identifier()
    [ <AUTHORIZATION> SimpleIdentifier() { refuse("CREATE SCHEMA AUTHORIZATION"); } ]
    { return new CreateSchema(name, absent); }
}

Command AtlasCreateGroup() :
{ final PlacementOptions.Builder given = new PlacementOptions.Builder(); boolean absent; String name; }
{
    absent = IfNotExistsOpt() name = Identifier() AtlasOptionsOpt(given)
    { return new CreateGroup(name, absent, given.build()); }
}

Command AtlasCreateTable() :
{
    final PlacementOptions.Builder given = new PlacementOptions.Builder();
    boolean absent; QualifiedName name; SqlNode query;
    final List<ColumnDefinition> columns = new ArrayList<ColumnDefinition>();
    final List<TableConstraint> constraints = new ArrayList<TableConstraint>();
}
{
    absent = IfNotExistsOpt() name = AtlasName()
    [ <LPAREN> AtlasTableElement(columns, constraints) ( <COMMA> AtlasTableElement(columns, constraints) )* <RPAREN> ]
    AtlasOptionsOpt(given)
    [ <AS> { refuse("CREATE TABLE AS"); } query = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY) ]
    {
        if (columns.isEmpty() && unsupported == null) {
            throw Nodes.syntax(getPos(), "a table needs at least one column");
        }
        return new CreateTable(name, absent, columns, constraints, given.build());
    }
}

void AtlasOptionsOpt(PlacementOptions.Builder given) :
{ }
{
    [ <WITH> AtlasOptions(given) ]
}

void AtlasOptions(PlacementOptions.Builder given) :
{ }
{
    <LPAREN> AtlasTableOption(given) ( <COMMA> AtlasTableOption(given) )* <RPAREN>
}

/** An option of {@code WITH (…)}; those that belong to features that are not there yet are refused by name. */
void AtlasTableOption(PlacementOptions.Builder given) :
{ String name; SqlNode value; }
{
    ( <GROUP> { name = "GROUP"; } | name = Identifier() )
    {
        if (!Nodes.checkTableOption(name, getPos())) {
            refuse("the table option " + name.toUpperCase(Locale.ROOT));
        }
    }
    <EQ> value = Expression(ExprContext.ACCEPT_NON_QUERY)
    {
        if (unsupported == null) {
            given.add(name, Nodes.optionText(name, value));
        }
    }
}

/** Behind SET: where an owner shall be. */
OwnerWish AtlasOwnerWish() :
{ String word; String value; SqlNode n; OwnerWish.Kind kind; }
{
    Identifier()
    (
        value = SimpleStringLiteral() { return new OwnerWish(OwnerWish.Kind.REGION, value); }
    |
        word = Identifier() { kind = Nodes.ownerWish(word, getPos()); }
        n = NonIntervalLiteral() { return new OwnerWish(kind, Nodes.settingText(n)); }
    )
}

Command AtlasAlterGroup() :
{ final PlacementOptions.Builder given = new PlacementOptions.Builder(); String name; OwnerWish wish; }
{
    name = Identifier() <SET>
    (
        LOOKAHEAD({ getToken(1).image.equalsIgnoreCase("OWNER") })
        wish = AtlasOwnerWish() { return new AlterGroup(name, new AlterTable.SetOwner(wish)); }
    |
        AtlasOptions(given) { return new AlterGroup(name, new AlterTable.SetPlacement(given.build())); }
    |
        { refuseRest("ALTER GROUP "); return null; }
    )
}

void AtlasTableElement(List<ColumnDefinition> columns, List<TableConstraint> constraints) :
{ ColumnDefinition c; }
{
    AtlasTableConstraint(constraints)
|
    <LIKE> AtlasName() { refuse("CREATE TABLE LIKE"); }
|
    c = AtlasColumn(constraints) { columns.add(c); }
}

void AtlasTableConstraint(List<TableConstraint> constraints) :
{ String name = null; List<String> names; SqlNode e; }
{
    [ <CONSTRAINT> name = Identifier() ]
    (
        <PRIMARY> <KEY> names = AtlasColumnNames() { constraints.add(new TableConstraint.PrimaryKey(name, names)); }
    |
        <UNIQUE> names = AtlasColumnNames() { constraints.add(new TableConstraint.Unique(name, names)); }
    |
        <CHECK> e = AtlasCondition() { constraints.add(new TableConstraint.Check(name, Nodes.expression(e))); }
    |
        <FOREIGN> <KEY> AtlasColumnNames() AtlasReferences()
    )
}

SqlNode AtlasCondition() :
{ SqlNode e; }
{
    <LPAREN> e = Expression(ExprContext.ACCEPT_SUB_QUERY) <RPAREN> { return e; }
}

List<String> AtlasColumnNames() :
{ SqlNodeList l; }
{
    l = ParenthesizedSimpleIdentifierList() { return Nodes.names(l); }
}

void AtlasReferences() :
{ }
{
    <REFERENCES> AtlasName() { refuse("FOREIGN KEY"); } [ LOOKAHEAD(1) ParenthesizedSimpleIdentifierList() ]
    (
        LOOKAHEAD(2)
        (
            <MATCH> SimpleIdentifier()
        |
            <ON> ( <DELETE> | <UPDATE> ) ( <CASCADE> | <RESTRICT> | <NO> <ACTION> | <SET> ( <NULL> | <DEFAULT_> ) )
        |
            [ <NOT> ] <DEFERRABLE>
        |
            <INITIALLY> ( <DEFERRED> | <IMMEDIATE> )
        )
    )*
}

ColumnDefinition AtlasColumn(List<TableConstraint> constraints) :
{ final ColumnBuilder b; String name; }
{
    name = Identifier() { b = new ColumnBuilder(name, getPos()); }
    AtlasColumnType(b)
    (
        LOOKAHEAD(1) { String constraint = null; }
        [ <CONSTRAINT> constraint = Identifier() ]
        AtlasColumnConstraint(b, constraint, constraints)
    )*
    { return b.build(); }
}

void AtlasColumnType(ColumnBuilder b) :
{ SqlDataTypeSpec type; SqlIntervalQualifier q = null; final Span s; }
{
    <INTERVAL> { s = span(); } [ LOOKAHEAD(1) q = IntervalQualifier() ] { b.interval(q); }
|
    type = DataType() { b.type(type); }
}

void AtlasColumnConstraint(ColumnBuilder b, String name, List<TableConstraint> constraints) :
{ SqlNode e; Identity identity; }
{
    <NOT> <NULL> { b.notNull(); }
|
    <NULL> { b.nullable(); }
|
    <DEFAULT_> e = Expression(ExprContext.ACCEPT_SUB_QUERY) { b.defaultExpression(e); }
|
    <PRIMARY> <KEY> { constraints.add(new TableConstraint.PrimaryKey(name, List.of(b.name()))); }
|
    <UNIQUE> { constraints.add(new TableConstraint.Unique(name, List.of(b.name()))); }
|
    <CHECK> e = AtlasCondition() { constraints.add(new TableConstraint.Check(name, Nodes.expression(e))); }
|
    AtlasReferences()
|
    <COLLATE> CompoundIdentifier() { refuse("COLLATE"); }
|
    <AUTO_INCREMENT> { b.identity(Identity.BY_DEFAULT); }
|
    <GENERATED> ( <ALWAYS> { identity = Identity.ALWAYS; } | <BY> <DEFAULT_> { identity = Identity.BY_DEFAULT; } ) <AS>
    (
        <IDENTITY> { b.identity(identity); } [ <LPAREN> { refuse("IDENTITY with options"); } AtlasUntilParenthesis() ]
    |
        AtlasCondition() { refuse("a generated column"); } [ LOOKAHEAD(1) SimpleIdentifier() ]
    )
}

/** Reads over the options of a sequence, the closing parenthesis included. */
void AtlasUntilParenthesis() :
{ }
{
    ( <START> | <WITH> | <INCREMENT> | <BY> | <MINVALUE> | <MAXVALUE> | <NO> | <CYCLE> | IntLiteral() )* <RPAREN>
}

Command AtlasCreateIndex() :
{
    boolean unique = false; boolean absent; String name; QualifiedName table; SqlNode w;
    final List<IndexColumn> columns = new ArrayList<IndexColumn>();
}
{
    [ <UNIQUE> { unique = true; } ] <INDEX> absent = IfNotExistsOpt() name = Identifier() <ON> table = AtlasName()
    [ <USING> SimpleIdentifier() { refuse("CREATE INDEX USING"); } ]
    <LPAREN> AtlasIndexColumn(columns) ( <COMMA> AtlasIndexColumn(columns) )* <RPAREN>
    [ <INCLUDE> { refuse("CREATE INDEX INCLUDE"); } ParenthesizedSimpleIdentifierList() ]
    [ <WHERE> { refuse("a partial index"); } w = Expression(ExprContext.ACCEPT_SUB_QUERY) ]
    { return new CreateIndex(name, table, unique, absent, columns); }
}

void AtlasIndexColumn(List<IndexColumn> columns) :
{ SqlNode e; boolean descending = false; }
{
    e = Expression(ExprContext.ACCEPT_SUB_QUERY)
    [ <ASC> | <DESC> { descending = true; } ]
    [ <NULLS> ( <FIRST> | <LAST> ) { refuse("NULLS FIRST and LAST in an index"); } ]
    {
        if (e instanceof SqlIdentifier && ((SqlIdentifier) e).isSimple()) {
            columns.add(new IndexColumn(((SqlIdentifier) e).getSimple(), descending));
        } else {
            refuse("an index on an expression");
        }
    }
}

SqlNode AtlasAlter() :
{ Command c; }
{
    <ALTER>
    (
        <TABLE> c = AtlasAlterTable() { return new CommandNode(c, getPos()); }
    |
        <GROUP> c = AtlasAlterGroup() { return new CommandNode(c, getPos()); }
    |
        <USER> c = AtlasAlterUser() { return new CommandNode(c, getPos()); }
    |
        ( <SYSTEM> | <SESSION> | <ROLE> | <INDEX> | <SCHEMA> | <SEQUENCE> | <VIEW> | <DATABASE> )
        { return refuseRest("ALTER "); }
    )
}

Command AtlasAlterTable() :
{ boolean ifExists; QualifiedName table; AlterTable.Action action; }
{
    ifExists = IfExistsOpt() table = AtlasName() action = AtlasAlterAction()
    [ <COMMA> { refuse("ALTER TABLE with several actions"); refuseRest(""); } ]
    { return new AlterTable(table, ifExists, action); }
}

AlterTable.Action AtlasAlterAction() :
{
    AlterTable.Action action = null; ColumnDefinition c; String from; String to; boolean exists; OwnerWish wish;
    final List<TableConstraint> constraints = new ArrayList<TableConstraint>();
    final PlacementOptions.Builder given = new PlacementOptions.Builder();
}
{
    (
        <ADD>
        (
            AtlasTableConstraint(constraints) { refuse("ALTER TABLE ADD CONSTRAINT"); }
        |
            [ <COLUMN> ] exists = IfNotExistsOpt() c = AtlasColumn(constraints)
            { action = new AlterTable.AddColumn(c, exists, constraints); }
        )
    |
        <DROP>
        (
            <CONSTRAINT> IfExistsOpt() SimpleIdentifier() CascadeOpt() { refuse("ALTER TABLE DROP CONSTRAINT"); }
        |
            [ <COLUMN> ] exists = IfExistsOpt() from = Identifier() [ <RESTRICT> | <CASCADE> { refuse("DROP COLUMN CASCADE"); } ]
            { action = new AlterTable.DropColumn(from, exists); }
        )
    |
        <RENAME>
        (
            <TO> to = Identifier() { action = new AlterTable.RenameTable(to); }
        |
            <CONSTRAINT> SimpleIdentifier() <TO> SimpleIdentifier() { refuse("ALTER TABLE RENAME CONSTRAINT"); }
        |
            [ <COLUMN> ] from = Identifier() <TO> to = Identifier() { action = new AlterTable.RenameColumn(from, to); }
        )
    |
        <ALTER> { refuseRest("ALTER TABLE "); }
    |
        <SET>
        (
            LOOKAHEAD({ getToken(1).image.equalsIgnoreCase("OWNER") }) wish = AtlasOwnerWish() { action = new AlterTable.SetOwner(wish); }
        |
            AtlasOptions(given) { action = new AlterTable.SetPlacement(given.build()); }
        |
            <GROUP> { refuse("moving a table to another group"); refuseRest(""); }
        |
            { refuseRest("ALTER TABLE "); }
        )
    )
    { return action; }
}

SqlNode AtlasDrop() :
{ boolean ifExists; boolean cascade; List<QualifiedName> names; QualifiedName n; String name; Command c; }
{
    <DROP>
    (
        <TABLE> ifExists = IfExistsOpt() names = AtlasNames() cascade = CascadeOpt()
        { return new CommandNode(new DropTable(names, ifExists), getPos()); }
    |
        <SCHEMA> ifExists = IfExistsOpt() name = Identifier() cascade = CascadeOpt()
        { return new CommandNode(new DropSchema(name, ifExists, cascade), getPos()); }
    |
        <INDEX> ifExists = IfExistsOpt() n = AtlasName() CascadeOpt()
        { return new CommandNode(new DropIndex(n, ifExists), getPos()); }
    |
        <GROUP> ifExists = IfExistsOpt() name = Identifier() { return new CommandNode(new DropGroup(name, ifExists), getPos()); }
    |
        <USER> ifExists = IfExistsOpt() name = AtlasPrincipalName()
        { return new CommandNode(new UserCommand.DropUser(name, ifExists), getPos()); }
    |
        <ROLE> ifExists = IfExistsOpt() name = AtlasPrincipalName()
        { return new CommandNode(new UserCommand.DropRole(name, ifExists), getPos()); }
    |
        ( <VIEW> | <SEQUENCE> | <FUNCTION> | <PROCEDURE> | <TRIGGER> | <TYPE> | <DOMAIN> | <DATABASE>
        | <MATERIALIZED> ) { return refuseRest("DROP "); }
    )
}

Command AtlasTruncate() :
{ List<QualifiedName> names; }
{
    <TRUNCATE> [ <TABLE> ] names = AtlasNames()
    [ ( <RESTART> | <CONTINUE> ) <IDENTITY> { refuse("TRUNCATE with IDENTITY options"); } ]
    CascadeOpt()
    { return new TruncateTable(names); }
}
