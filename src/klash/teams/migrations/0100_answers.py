from django.db import migrations, models

COLUMNS = ('know_how', 'idea', 'motivation')


def gather(apps, schema_editor):
    for row in apps.get_model('teams', 'Application').objects.order_by().iterator(500):
        row.answers = {name: getattr(row, name) for name in COLUMNS if getattr(row, name)}
        row.save(update_fields=['answers'])


def spread(apps, schema_editor):
    for row in apps.get_model('teams', 'Application').objects.order_by().iterator(500):
        for name in COLUMNS:
            setattr(row, name, row.answers.get(name, ''))
        row.save(update_fields=COLUMNS)


class Migration(migrations.Migration):

    dependencies = [
        ('teams', '0007_firms_behind_a_team'),
    ]

    operations = [
        migrations.AddField('application', 'answers', models.JSONField(blank=True, default=dict)),
        migrations.RunPython(gather, spread),
        *(migrations.RemoveField('application', name) for name in COLUMNS),
    ]
