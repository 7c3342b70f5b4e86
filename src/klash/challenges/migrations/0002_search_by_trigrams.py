from django.db import migrations

from klash.core.trigrams import by_trigrams


class Migration(migrations.Migration):
    dependencies = [("challenges", "0001_initial")]

    operations = [by_trigrams("challenges", "PublicQuestion", "search")]
