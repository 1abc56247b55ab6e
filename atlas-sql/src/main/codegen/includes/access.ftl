<#-- Rights. -->

Command AtlasGrant() :
{
    boolean grants; QualifiedName table = null; String schema = null;
    final List<String> privileges = new ArrayList<String>(); final List<String> principals = new ArrayList<String>();
}
{
    (
        <GRANT> { grants = true; }
    |
        <REVOKE> { grants = false; } [ LOOKAHEAD(<GRANT> <OPTION>) <GRANT> <OPTION> <FOR> { refuse("REVOKE GRANT OPTION"); } ]
    )
    AtlasPrivilege(privileges) ( <COMMA> AtlasPrivilege(privileges) )*
    (
        <ON>
        (
            LOOKAHEAD(<SCHEMA> Identifier() ( <TO> | <FROM> )) <SCHEMA> schema = Identifier()
        |
            [ <TABLE> ] table = AtlasName()
        )
    |
        { refuse((grants ? "GRANT" : "REVOKE") + " of roles"); }
    )
    ( <TO> { Nodes.checkDirection(grants, getPos()); } | <FROM> { Nodes.checkDirection(!grants, getPos()); } )
    AtlasPrincipal(principals) ( <COMMA> AtlasPrincipal(principals) )*
    [ <WITH> <GRANT> <OPTION> { refuse("WITH GRANT OPTION"); } ]
    [ <CASCADE> | <RESTRICT> ]
    { return new ChangeRights(grants, privileges, table, schema, principals); }
}

void AtlasPrivilege(List<String> privileges) :
{ String name; }
{
    (
        ( <SELECT> | <INSERT> | <UPDATE> | <DELETE> ) { name = token.image.toUpperCase(Locale.ROOT); }
    |
        <ALL> [ LOOKAHEAD(1) <PRIVILEGES> ] { name = "ALL"; }
    |
        name = Identifier()
    )
    { privileges.add(name); }
    [ ParenthesizedSimpleIdentifierList() { refuse("rights on columns"); } ]
}

/** Principals are not folded to upper case: they are called what they log in as. */
void AtlasPrincipal(List<String> principals) :
{ String name; }
{
    name = SimpleStringLiteral() { principals.add(name); }
|
    name = Identifier() { principals.add(Nodes.asWritten(name, token.image)); }
}
