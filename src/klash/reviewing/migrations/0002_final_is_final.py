"""The database itself refuses to change or delete what a reviewer has submitted, whoever asks with the rights of the application."""

from django.db import migrations

GIVEN = ("scores", "comment", "points", "weight", "submitted_at")
TABLES = {
    "reviewing_review": (*GIVEN, "passes", "entry_id", "seat_id"),
    "reviewing_secondreview": (*GIVEN, "review_id"),
}


def sqlite(table, columns):
    changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
    return [
        f"""CREATE TRIGGER {table}_is_final BEFORE UPDATE ON {table}
        WHEN OLD.state <> 'draft' AND (NEW.state = 'draft' OR {changed})
        BEGIN SELECT RAISE(ABORT, 'final is final'); END""",
        f"""CREATE TRIGGER {table}_stays BEFORE DELETE ON {table}
        WHEN OLD.state <> 'draft'
        BEGIN SELECT RAISE(ABORT, 'final is final'); END""",
    ]


def postgresql(table, columns):
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    return [
        f"""CREATE TRIGGER {table}_is_final BEFORE UPDATE ON {table} FOR EACH ROW
        WHEN (OLD.state <> 'draft' AND (NEW.state = 'draft' OR {changed})) EXECUTE FUNCTION klash_final_is_final()""",
        f"""CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} FOR EACH ROW
        WHEN (OLD.state <> 'draft') EXECUTE FUNCTION klash_final_is_final()""",
    ]


FUNCTION = """CREATE FUNCTION klash_final_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'final is final' USING ERRCODE = 'integrity_constraint_violation';
    END $$"""


def guard(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    if not is_sqlite:
        schema_editor.execute(FUNCTION)
    for table, columns in TABLES.items():
        for statement in (sqlite if is_sqlite else postgresql)(table, columns):
            schema_editor.execute(statement)


def unguard(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for table in TABLES:
        for name in (f"{table}_is_final", f"{table}_stays"):
            schema_editor.execute(f"DROP TRIGGER {name}" if is_sqlite else f"DROP TRIGGER {name} ON {table}")
    if not is_sqlite:
        schema_editor.execute("DROP FUNCTION klash_final_is_final")


class Migration(migrations.Migration):
    dependencies = [("reviewing", "0001_initial")]

    operations = [migrations.RunPython(guard, unguard)]
