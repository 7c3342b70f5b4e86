from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('teams', '0002_admission_released'),
    ]

    operations = [
        migrations.AddIndex(model_name='application', index=models.Index(fields=['state', 'released_at'], name='application_waits')),
    ]
