"""The database itself refuses to change or delete a question to a team, or an answer that was sent."""

from django.db import migrations

TABLE = "proposals_teamquestion"
FIXED = ("code", "proposal_id", "batch", "text", "sent_at", "answers_by", "releases_at")
ANSWERED = ("answer", "answered_by_id", "answered_at")


def barred(differs):
    def changed(columns):
        return " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)

    return f"{changed(FIXED)} OR ((OLD.answered_at IS NOT NULL OR OLD.is_carried) AND ({changed(ANSWERED)})) OR (OLD.is_carried AND NOT NEW.is_carried)"


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        refuse = "BEGIN SELECT RAISE(ABORT, 'answers stay'); END"
        schema_editor.execute(f"CREATE TRIGGER {TABLE}_stays BEFORE UPDATE ON {TABLE} WHEN {barred('IS NOT')} {refuse}")
        schema_editor.execute(f"CREATE TRIGGER {TABLE}_kept BEFORE DELETE ON {TABLE} {refuse}")
        return
    schema_editor.execute("""CREATE FUNCTION klash_answers_stay() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'answers stay' USING ERRCODE = 'integrity_constraint_violation';
        END $$""")
    refuse = "EXECUTE FUNCTION klash_answers_stay()"
    schema_editor.execute(f"CREATE TRIGGER {TABLE}_stays BEFORE UPDATE ON {TABLE} FOR EACH ROW WHEN ({barred('IS DISTINCT FROM')}) {refuse}")
    schema_editor.execute(f"CREATE TRIGGER {TABLE}_kept BEFORE DELETE ON {TABLE} FOR EACH ROW {refuse}")


def unguard(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for name in (f"{TABLE}_stays", f"{TABLE}_kept"):
        schema_editor.execute(f"DROP TRIGGER {name}" if is_sqlite else f"DROP TRIGGER {name} ON {TABLE}")
    if not is_sqlite:
        schema_editor.execute("DROP FUNCTION klash_answers_stay")


class Migration(migrations.Migration):
    dependencies = [("proposals", "0001_initial")]

    operations = [migrations.RunPython(guard, unguard)]
