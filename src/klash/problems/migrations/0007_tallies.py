from collections import defaultdict

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Count


def count(apps, schema_editor):
    """Count the public problems that there are."""
    Problem, Tally = apps.get_model("problems", "Problem"), apps.get_model("problems", "Tally")
    public = Problem.objects.filter(state__in=["submitted", "chosen", "not_chosen"]).order_by()
    found = defaultdict(dict)
    for column, place in (("led", "municipality"), ("shared", "group")):
        rows = public.exclude(**{place: None}).values_list("competition", place, "theme", "state")
        for *kind, number in rows.annotate(Count("pk")):
            found[tuple(kind)][column] = number
    Tally.objects.bulk_create(
        Tally(competition_id=competition, municipality_id=place, theme_id=theme, state=state, **numbers)
        for (competition, place, theme, state), numbers in found.items()
    )


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_business_id_of_organisation'),
        ('competitions', '0003_decisions_released_together'),
        ('problems', '0006_reason_of_decision'),
    ]

    operations = [
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=12)),
                ('led', models.PositiveIntegerField(default=0)),
                ('shared', models.PositiveIntegerField(default=0)),
                (
                    'competition',
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='tallies', to='competitions.competition'),
                ),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.municipality')),
                ('theme', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='competitions.theme')),
            ],
            options={
                'indexes': [models.Index(fields=['competition', 'theme', 'state', 'municipality', 'led'], name='tally_of_kind')],
                'constraints': [models.UniqueConstraint(fields=('competition', 'municipality', 'theme', 'state'), name='one_tally_a_kind')],
            },
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name='problem', name='problem_themes'),
    ]
