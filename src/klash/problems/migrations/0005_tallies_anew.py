from collections import defaultdict

from django.db import migrations, models
from django.db.models import Count

PUBLIC = ["submitted", "chosen", "not_chosen", "not_eligible", "merged"]


def count_anew(apps, schema_editor):
    """Write the tallies of every competition anew, now apart by language."""
    using = schema_editor.connection.alias
    Problem, Tally = apps.get_model("problems", "Problem"), apps.get_model("problems", "Tally")
    Tally.objects.using(using).all().delete()
    public = Problem.objects.using(using).filter(state__in=PUBLIC).order_by()
    found = defaultdict(lambda: [0, 0])
    for *kind, number in public.values_list("competition", "municipality", "theme", "state", "language").annotate(Count("pk")):
        found[tuple(kind)][0] = number
    for *kind, number in public.exclude(group=None).values_list("competition", "group", "theme", "state", "language").annotate(Count("pk")):
        found[tuple(kind)][1] = number
    Tally.objects.using(using).bulk_create(
        Tally(competition_id=competition, municipality_id=place, theme_id=theme, state=state, language=language, led=led, shared=shared)
        for (competition, place, theme, state, language), (led, shared) in found.items()
    )


class Migration(migrations.Migration):
    dependencies = [("problems", "0004_language_of_tallies")]

    operations = [migrations.RunPython(count_anew, migrations.RunPython.noop)]
