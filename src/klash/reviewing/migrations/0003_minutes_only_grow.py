"""The database itself refuses to change, shorten or delete what stands in the minutes of questions, whoever asks with the rights of the application."""

from django.db import migrations

FIXED, SETTLED = ("code", "entry_id", "seat_id", "text", "asked_at"), ("batch_id", "reason", "settled_at")
SENT = ("code", "round_id", "answers_by", "releases_at", "proposed_by", "proposed_at", "confirmed_by", "confirmed_at")
WRITTEN = ("question_id", "number", "text", "hash", "reason", "made_by", "made_at")


def changed(columns, differs):
    return " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)


def barred(differs):
    """Return by table when an update is refused."""
    return {
        "reviewing_question": f"""{changed(FIXED, differs)} OR (OLD.state <> 'asked' AND (NEW.state = 'asked' OR {changed(SETTLED, differs)}))
            OR (OLD.state <> 'answered' AND {changed(("answer",), differs)}) OR (OLD.state IN ('returned', 'cleared') AND {changed(("state",), differs)})""",
        "reviewing_questionbatch": f"""OLD.state <> 'proposed' AND ({changed((*SENT, "state"), differs)})
            OR (OLD.carried_at IS NOT NULL AND {changed(("carried_at",), differs)})""",
        "reviewing_answertext": changed(WRITTEN, differs),
    }


def sqlite(table, when):
    return [
        f"CREATE TRIGGER {table}_grows BEFORE UPDATE ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, 'minutes only grow'); END",
        f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, 'minutes only grow'); END",
    ]


def postgresql(table, when):
    return [
        f"CREATE TRIGGER {table}_grows BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION klash_minutes_only_grow()",
        f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION klash_minutes_only_grow()",
    ]


FUNCTION = """CREATE FUNCTION klash_minutes_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'minutes only grow' USING ERRCODE = 'integrity_constraint_violation';
    END $$"""


def guard(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    if not is_sqlite:
        schema_editor.execute(FUNCTION)
    for table, when in barred("IS NOT" if is_sqlite else "IS DISTINCT FROM").items():
        for statement in (sqlite if is_sqlite else postgresql)(table, when):
            schema_editor.execute(statement)


def unguard(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for table in barred("IS NOT"):
        for name in (f"{table}_grows", f"{table}_stays"):
            schema_editor.execute(f"DROP TRIGGER {name}" if is_sqlite else f"DROP TRIGGER {name} ON {table}")
    if not is_sqlite:
        schema_editor.execute("DROP FUNCTION klash_minutes_only_grow")


class Migration(migrations.Migration):
    dependencies = [("reviewing", "0002_final_is_final")]

    operations = [migrations.RunPython(guard, unguard)]
