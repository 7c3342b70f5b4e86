
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mentoring', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='mentoringday',
            name='revision',
            field=models.PositiveIntegerField(default=0),
        ),
    ]
