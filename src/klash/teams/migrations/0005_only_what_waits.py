from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ('teams', '0004_count_the_admitted'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='application', name='application_waits'),
        migrations.AddIndex(model_name='application', index=models.Index(fields=['state'], condition=Q(released_at=None), name='application_waits')),
    ]
