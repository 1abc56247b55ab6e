<#-- Transactions and settings. -->

Command AtlasTransaction() :
{ final TransactionModes.Builder modes = new TransactionModes.Builder(); String name; }
{
    <BEGIN> [ <WORK> | <TRANSACTION> ] AtlasModesOpt(modes) { return new Control.Begin(modes.build()); }
|
    <START> <TRANSACTION> AtlasModesOpt(modes) { return new Control.Begin(modes.build()); }
|
    <COMMIT> [ <WORK> | <TRANSACTION> ] AtlasChainOpt() { return new Control.Commit(); }
|
    <ROLLBACK> [ <WORK> | <TRANSACTION> ]
    (
        <TO> [ <SAVEPOINT> ] name = Identifier() { return new Control.RollbackTo(name); }
    |
        AtlasChainOpt() { return new Control.Rollback(); }
    )
|
    <SAVEPOINT> name = Identifier() { return new Control.Savepoint(name); }
|
    <RELEASE> [ <SAVEPOINT> ] name = Identifier() { return new Control.Release(name); }
}

void AtlasChainOpt() :
{ }
{
    [ <AND> [ <NO> ] <CHAIN> { refuse("AND CHAIN"); } ]
}

void AtlasModesOpt(TransactionModes.Builder modes) :
{ }
{
    [ AtlasMode(modes) ( [ <COMMA> ] AtlasMode(modes) )* ]
}

void AtlasMode(TransactionModes.Builder modes) :
{ String time; }
{
    <ISOLATION> <LEVEL>
    (
        <SERIALIZABLE> { modes.isolation(TransactionModes.Isolation.SERIALIZABLE); }
    |
        <REPEATABLE> <READ> { modes.isolation(TransactionModes.Isolation.REPEATABLE_READ); }
    |
        <READ>
        (
            <COMMITTED> { modes.isolation(TransactionModes.Isolation.READ_COMMITTED); }
        |
            <UNCOMMITTED> { modes.isolation(TransactionModes.Isolation.READ_UNCOMMITTED); }
        )
    )
|
    <READ> ( <ONLY> { modes.readOnly(true); } | <WRITE> { modes.readOnly(false); } )
|
    [ <NOT> ] <DEFERRABLE> { refuse("DEFERRABLE"); }
|
    <AS> <OF> <SYSTEM> <TIME> time = SimpleStringLiteral() { modes.asOf(time); }
}

Command AtlasSet() :
{ final TransactionModes.Builder modes = new TransactionModes.Builder(); String name; String value; boolean session = false; }
{
    <SET>
    (
        LOOKAHEAD(<TRANSACTION> ( <ISOLATION> | <READ> | <NOT> | <DEFERRABLE> | <AS> ))
        <TRANSACTION> AtlasMode(modes) ( [ <COMMA> ] AtlasMode(modes) )*
        { return new Control.SetTransaction(modes.build(), false); }
    |
        LOOKAHEAD(<SESSION> <CHARACTERISTICS>)
        <SESSION> <CHARACTERISTICS> <AS> <TRANSACTION> AtlasMode(modes) ( [ <COMMA> ] AtlasMode(modes) )*
        { return new Control.SetTransaction(modes.build(), true); }
    |
        LOOKAHEAD(1)
        <SCHEMA> [ <EQ> | <TO> ] value = AtlasSettingValue() { return new Control.Set("SCHEMA", value); }
    |
        [ LOOKAHEAD(( <SESSION> | <LOCAL> ) SimpleIdentifier()) ( <SESSION> | <LOCAL> { refuse("SET LOCAL"); } ) ]
        name = AtlasSettingName() ( <EQ> | <TO> ) value = AtlasSettingValue()
        { return new Control.Set(name, value); }
    )
|
    <RESET> ( name = AtlasSettingName() | <ALL> { name = "ALL"; } ) { return new Control.Set(name, null); }
|
    <USE> [ LOOKAHEAD(2) <SCHEMA> ] name = Identifier() { return new Control.Set("SCHEMA", name); }
}

String AtlasSettingName() :
{ SqlIdentifier i; }
{
    i = CompoundIdentifier() { return i.toString().toUpperCase(Locale.ROOT); }
}

/** The text of a value, null for DEFAULT; {@code STALE '5s'} gives {@code STALE 5s}. */
String AtlasSettingValue() :
{ SqlNode n; String value; String more; }
{
    <DEFAULT_> { return null; }
|
    <ON> { return "ON"; }
|
    LOOKAHEAD(1) n = NonIntervalLiteral() { return Nodes.settingText(n); }
|
    value = Identifier() [ more = SimpleStringLiteral() { value = value + " " + more; } ] { return value; }
}

Command AtlasShow() :
{ String name; QualifiedName of = null; }
{
    <SHOW>
    (
        LOOKAHEAD(<TRANSACTION> <ISOLATION>) <TRANSACTION> <ISOLATION> <LEVEL> { return new Control.Show("TRANSACTION_ISOLATION", null); }
    |
        <CREATE> { refuseRest("SHOW "); return new Control.Show("CREATE", null); }
    |
        <ALL> { return new Control.Show("ALL", null); }
    |
        name = AtlasSettingName() [ ( <FROM> | <IN> | <ON> ) of = AtlasName() ] { return new Control.Show(name, of); }
    )
}
