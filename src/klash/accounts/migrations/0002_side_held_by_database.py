"""The database itself refuses a role on another side than the person's standing, and a standing that changes sides."""

from django.db import migrations

SQLITE = [
    """CREATE TRIGGER role_on_own_side_insert BEFORE INSERT ON accounts_rolegrant
    WHEN NEW.side <> 'neutral' AND NEW.side <> (SELECT side FROM accounts_standing WHERE id = NEW.standing_id)
    BEGIN SELECT RAISE(ABORT, 'one side a person'); END""",
    """CREATE TRIGGER role_on_own_side_update BEFORE UPDATE OF side, standing_id ON accounts_rolegrant
    WHEN NEW.side <> 'neutral' AND NEW.side <> (SELECT side FROM accounts_standing WHERE id = NEW.standing_id)
    BEGIN SELECT RAISE(ABORT, 'one side a person'); END""",
    """CREATE TRIGGER standing_keeps_its_side BEFORE UPDATE OF side, person_id, competition ON accounts_standing
    WHEN (OLD.side <> NEW.side AND OLD.side <> 'neutral') OR OLD.person_id <> NEW.person_id OR OLD.competition <> NEW.competition
    BEGIN SELECT RAISE(ABORT, 'one side a person'); END""",
]
POSTGRESQL = [
    """CREATE FUNCTION klash_role_on_own_side() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.side <> 'neutral' AND NEW.side <> (SELECT side FROM accounts_standing WHERE id = NEW.standing_id) THEN
            RAISE EXCEPTION 'one side a person' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER role_on_own_side BEFORE INSERT OR UPDATE ON accounts_rolegrant
    FOR EACH ROW EXECUTE FUNCTION klash_role_on_own_side()""",
    """CREATE FUNCTION klash_standing_keeps_its_side() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (OLD.side <> NEW.side AND OLD.side <> 'neutral') OR OLD.person_id <> NEW.person_id OR OLD.competition <> NEW.competition THEN
            RAISE EXCEPTION 'one side a person' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER standing_keeps_its_side BEFORE UPDATE ON accounts_standing
    FOR EACH ROW EXECUTE FUNCTION klash_standing_keeps_its_side()""",
]
DROP_SQLITE = ["DROP TRIGGER role_on_own_side_insert", "DROP TRIGGER role_on_own_side_update", "DROP TRIGGER standing_keeps_its_side"]
DROP_POSTGRESQL = [
    "DROP TRIGGER role_on_own_side ON accounts_rolegrant", "DROP FUNCTION klash_role_on_own_side",
    "DROP TRIGGER standing_keeps_its_side ON accounts_standing", "DROP FUNCTION klash_standing_keeps_its_side",
]


def run(sqlite, postgresql):
    def code(apps, schema_editor):
        for statement in sqlite if schema_editor.connection.vendor == "sqlite" else postgresql:
            schema_editor.execute(statement)

    return code


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(run(SQLITE, POSTGRESQL), run(DROP_SQLITE, DROP_POSTGRESQL))]
