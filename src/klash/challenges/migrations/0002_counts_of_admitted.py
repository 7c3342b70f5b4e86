from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('challenges', '0001_initial'),
    ]

    operations = [
        migrations.AddField(model_name='challenge', name='admitted_teams', field=models.PositiveIntegerField(default=0)),
        migrations.AddField(model_name='challenge', name='admitted_persons', field=models.PositiveIntegerField(default=0)),
    ]
