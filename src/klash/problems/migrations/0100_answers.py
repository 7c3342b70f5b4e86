from django.db import migrations, models

from klash.core.trigrams import by_trigrams

# On SQLite a changed column makes the table anew, which drops the triggers of the search: they are taken off before and made again after.
SEARCH = by_trigrams('problems', 'Problem', 'search')
COLUMNS = ('situation', 'affected', 'tried', 'goal', 'commitment')


def gather(apps, schema_editor):
    problems = apps.get_model('problems', 'Problem')
    changed = []
    for row in problems.objects.order_by().only('pk', *COLUMNS).iterator(500):
        row.answers = {name: getattr(row, name) for name in COLUMNS if getattr(row, name)}
        changed.append(row)
        if len(changed) == 500:
            problems.objects.bulk_update(changed, ['answers'])
            changed = []
    problems.objects.bulk_update(changed, ['answers'])


def spread(apps, schema_editor):
    problems = apps.get_model('problems', 'Problem')
    for row in problems.objects.order_by().only('pk', 'answers').iterator(500):
        texts = {name: row.answers.get(name, '') for name in COLUMNS}
        problems.objects.filter(pk=row.pk).update(**texts)


class Migration(migrations.Migration):

    dependencies = [
        ('problems', '0008_commitment'),
    ]

    operations = [
        migrations.RunPython(SEARCH.reverse_code, SEARCH.code),
        migrations.AddField('problem', 'answers', models.JSONField(blank=True, default=dict)),
        migrations.RunPython(gather, spread),
        *(migrations.RemoveField('problem', name) for name in COLUMNS),
        migrations.RunPython(SEARCH.code, SEARCH.reverse_code),
    ]
