<#-- Statements that Calcite has, with what it lacks; and pieces that the other files share. -->

/** Notes a feature that is understood and refused; reported only when the rest of the text parses. */
JAVACODE void refuse(String feature) {
    if (unsupported == null) {
        unsupported = feature;
    }
}

/** Refuses the feature named by the last token, and reads over the rest of the statement. */
JAVACODE SqlNode refuseRest(String before) {
    refuse(before + token.image.toUpperCase(Locale.ROOT));
    while (getToken(1).kind != EOF && getToken(1).kind != SEMICOLON) {
        getNextToken();
    }
    return SqlLiteral.createNull(getPos());
}

/** The first of the alternatives that SqlStmt() tries. */
SqlNode AtlasStatement() :
{ SqlNode n; Command c; final Span s = Span.of(); }
{
    (
        n = AtlasDml() { return n; }
    |
        n = AtlasExplain() { return n; }
    |
        ( <COPY> | <ANALYZE> | <KILL> | <CALL> | <MERGE> | <DESCRIBE> | <PREPARE> | <EXECUTE> | <DECLARE> )
        { return refuseRest(""); }
    |
        n = AtlasCreate() { return n; }
    |
        n = AtlasAlter() { return n; }
    |
        n = AtlasDrop() { return n; }
    |
        ( c = AtlasTruncate() | c = AtlasGrant() | c = AtlasTransaction() | c = AtlasSet() | c = AtlasShow() )
        { return new CommandNode(c, getPos()); }
    )
}

SqlNode AtlasDml() :
{ SqlNode n; }
{
    (
        n = SqlInsert() [ LOOKAHEAD(2) <ON> <CONFLICT> { refuse("ON CONFLICT"); } AtlasConflictRest() ]
    |
        n = SqlDelete()
    |
        n = SqlUpdate()
    )
    [ <RETURNING> { refuse("RETURNING"); List<SqlNode> items = new ArrayList<SqlNode>(); } AddSelectItem(items) ( <COMMA> AddSelectItem(items) )* ]
    { return n; }
}

void AtlasConflictRest() :
{ SqlNodeList columns = new SqlNodeList(SqlParserPos.ZERO); }
{
    [ ParenthesizedSimpleIdentifierList() ]
    <DO>
    (
        LOOKAHEAD({ getToken(1).image.equalsIgnoreCase("NOTHING") }) SimpleIdentifier()
    |
        <UPDATE> <SET> CompoundIdentifier() <EQ> AtlasUpdateSource(columns) ( <COMMA> CompoundIdentifier() <EQ> AtlasUpdateSource(columns) )*
        [ Where() ]
    )
}

/** What UPDATE assigns: an expression, or DEFAULT. */
void AtlasUpdateSource(SqlNodeList list) :
{ SqlNode e; }
{
    e = Default() { list.add(e); }
|
    AddExpression(list, ExprContext.ACCEPT_SUB_QUERY)
}

SqlNode AtlasExplain() :
{ SqlNode n; final Span s; }
{
    <EXPLAIN> { s = span(); }
    [ LOOKAHEAD(1) <ANALYZE> { refuse("EXPLAIN ANALYZE"); } ]
    [
        LOOKAHEAD(1) <PLAN> [ ExplainDetailLevel() ] ExplainDepth()
        [ <AS> ( <XML> | <JSON> | <DOT_FORMAT> ) { refuse("EXPLAIN PLAN AS " + token.image.toUpperCase(Locale.ROOT)); } ]
        <FOR>
    ]
    n = SqlQueryOrDml()
    { return new ExplainNode(n, s.end(this)); }
}

/** Row locks after a query. */
void AtlasForUpdateOpt() :
{ }
{
    [ <FOR> ( <UPDATE> | SimpleIdentifier() ) { refuse("FOR " + token.image.toUpperCase(Locale.ROOT)); refuseRest("FOR "); } ]
}

SqlNode AsOfSystemTime(SqlNode tableRef) :
{ SqlNode e; }
{
    <AS> <OF> <SYSTEM> <TIME> { refuse("AS OF SYSTEM TIME with something else than a text in quotes"); } e = Expression3(ExprContext.ACCEPT_NON_QUERY)
    { return tableRef; }
}

void DistinctOnOpt() :
{ }
{
    [ <ON> { refuse("DISTINCT ON"); } ParenthesizedQueryOrCommaList(ExprContext.ACCEPT_SUB_QUERY) ]
}

/** {@code e::type}; precedence is that of CAST's operator. */
void InfixCast(List<Object> list, ExprContext exprContext, Span s) :
{ final SqlDataTypeSpec type; }
{
    <INFIX_CAST> { checkNonQueryExpression(exprContext); s.clear().add(this); }
    type = DataType()
    {
        list.add(new SqlParserUtil.ToTreeListItem(SqlLibraryOperators.INFIX_CAST, s.pos()));
        list.add(type);
    }
}

/** Type names that Calcite lacks and that take a precision. Plain ones (TEXT, BYTEA) are read as identifiers and resolved later. */
SqlTypeNameSpec AtlasTypeName() :
{ int precision; final Span s; }
{
    <TIMESTAMPTZ> { s = span(); } precision = PrecisionOpt()
    { return new SqlBasicTypeNameSpec(SqlTypeName.TIMESTAMP_TZ, precision, s.end(this)); }
}

boolean IfNotExistsOpt() :
{ }
{
    LOOKAHEAD(2) <IF> <NOT> <EXISTS> { return true; }
|
    { return false; }
}

boolean IfExistsOpt() :
{ }
{
    LOOKAHEAD(2) <IF> <EXISTS> { return true; }
|
    { return false; }
}

QualifiedName AtlasName() :
{ SqlIdentifier i; }
{
    i = CompoundIdentifier() { return Nodes.qualifiedName(i); }
}

/** One name, or several, as DROP TABLE takes them. */
List<QualifiedName> AtlasNames() :
{ List<QualifiedName> names = new ArrayList<QualifiedName>(); QualifiedName n; }
{
    n = AtlasName() { names.add(n); } ( <COMMA> n = AtlasName() { names.add(n); } )*
    { return names; }
}

/** CASCADE gives true. */
boolean CascadeOpt() :
{ }
{
    <CASCADE> { return true; }
|
    <RESTRICT> { return false; }
|
    { return false; }
}
