"""Count the admitted teams and their members where the admissions have been released."""

from django.db import migrations
from django.db.models import Count


def count(apps, schema_editor):
    using = schema_editor.connection.alias
    Challenge, Team = apps.get_model("challenges", "Challenge"), apps.get_model("teams", "Team")
    told = Team.objects.using(using).filter(application__state="admitted", application__released_at__isnull=False)
    rows = told.order_by().values_list("challenge").annotate(teams=Count("pk", distinct=True), persons=Count("memberships"))
    for challenge, teams, persons in rows:
        Challenge.objects.using(using).filter(pk=challenge).update(admitted_teams=teams, admitted_persons=persons)


class Migration(migrations.Migration):

    dependencies = [
        ('challenges', '0002_counts_of_admitted'),
        ('teams', '0003_application_waits'),
    ]

    operations = [migrations.RunPython(count, migrations.RunPython.noop)]
