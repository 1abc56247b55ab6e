<#-- Users and roles. -->

Command AtlasCreateUser() :
{ boolean absent; String name; UserCommand.Change change; }
{
    <USER> absent = IfNotExistsOpt() name = AtlasPrincipalName() change = AtlasUserChange()
    { return new UserCommand.CreateUser(name, absent, change); }
|
    <ROLE> absent = IfNotExistsOpt() name = AtlasPrincipalName() { return new UserCommand.CreateRole(name, absent); }
}

Command AtlasAlterUser() :
{ boolean ifExists; String name; UserCommand.Change change; }
{
    ifExists = IfExistsOpt() name = AtlasPrincipalName() change = AtlasUserChange()
    { return new UserCommand.AlterUser(name, ifExists, change); }
}

/** PASSWORD, ADMIN and NOADMIN, in any order; they are no words of the language. */
UserCommand.Change AtlasUserChange() :
{ Password password = null; Boolean admin = null; String text; }
{
    [ <WITH> ]
    (
        LOOKAHEAD({ getToken(1).image.equalsIgnoreCase("PASSWORD") }) Identifier() text = SimpleStringLiteral() { password = new Password(text); }
    |
        LOOKAHEAD({ getToken(1).image.equalsIgnoreCase("ADMIN") }) Identifier() { admin = true; }
    |
        LOOKAHEAD({ getToken(1).image.equalsIgnoreCase("NOADMIN") }) Identifier() { admin = false; }
    )*
    { return new UserCommand.Change(password, admin); }
}

/** A user or role is called what it logs in as: the name is not folded to upper case. */
String AtlasPrincipalName() :
{ String name; }
{
    name = SimpleStringLiteral() { return name; }
|
    name = Identifier() { return Nodes.asWritten(name, token.image); }
}
