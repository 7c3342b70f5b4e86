from django.db import migrations, models

from klash.core.trigrams import by_trigrams

# On SQLite the new column makes the table anew, which drops the triggers of the search: they are taken off before and made again after.
SEARCH = by_trigrams('problems', 'Problem', 'search')


class Migration(migrations.Migration):

    dependencies = [
        ('problems', '0007_tallies'),
    ]

    operations = [
        migrations.RunPython(SEARCH.reverse_code, SEARCH.code),
        migrations.AddField(
            model_name='problem',
            name='commitment',
            field=models.TextField(blank=True),
        ),
        migrations.RunPython(SEARCH.code, SEARCH.reverse_code),
    ]
