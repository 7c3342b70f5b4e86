from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('post', '0002_refused_mails'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='calendar',
            field=models.TextField(blank=True, db_default=''),
        ),
    ]
