<#-- Rights. -->

Command AtlasGrant() :
{
    boolean grants; QualifiedName table = null; String schema = null;
    final List<String> privileges = new ArrayList<String>(); final List<String> principals = new ArrayList<String>();
    final List<String> roles = new ArrayList<String>();
}
{
    (
        <GRANT> { grants = true; }
    |
        <REVOKE> { grants = false; } [ LOOKAHEAD(<GRANT> <OPTION>) <GRANT> <OPTION> <FOR> { refuse("REVOKE GRANT OPTION"); } ]
    )
    AtlasPrivilege(privileges, roles) ( <COMMA> AtlasPrivilege(privileges, roles) )*
    (
        <ON>
        (
            LOOKAHEAD(<SCHEMA> Identifier() ( <TO> | <FROM> )) <SCHEMA> schema = Identifier()
        |
            [ <TABLE> ] table = AtlasName()
        )
    |
        {
            if (roles.size() < privileges.size()) {
                throw Nodes.syntax(getPos(), "rights are granted ON a table or schema");
            }
        }
    )
    ( <TO> { Nodes.checkDirection(grants, getPos()); } | <FROM> { Nodes.checkDirection(!grants, getPos()); } )
    AtlasPrincipal(principals) ( <COMMA> AtlasPrincipal(principals) )*
    [ <WITH> <GRANT> <OPTION> { refuse("WITH GRANT OPTION"); } ]
    [ <CASCADE> | <RESTRICT> ]
    {
        if (table == null && schema == null) {
            return new UserCommand.ChangeRoles(grants, roles, principals);
        }
        return new ChangeRights(grants, privileges, table, schema, principals);
    }
}

/** A word that is none of the language's rights may be a role, which is not folded. */
void AtlasPrivilege(List<String> privileges, List<String> roles) :
{ String name; }
{
    (
        ( <SELECT> | <INSERT> | <UPDATE> | <DELETE> ) { name = token.image.toUpperCase(Locale.ROOT); }
    |
        <ALL> [ LOOKAHEAD(1) <PRIVILEGES> ] { name = "ALL"; }
    |
        name = Identifier() { roles.add(Nodes.asWritten(name, token.image)); }
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
