from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ('problems', '0003_lists_by_index'),
    ]

    operations = [
        migrations.AddIndex(model_name='problem', index=models.Index(fields=['competition', 'theme', 'title', 'code', 'state'], name='problem_of_theme')),
        migrations.AddIndex(
            model_name='problem', index=models.Index(fields=['competition', 'state'], condition=Q(feedback_released_at=None), name='problem_unreleased'),
        ),
    ]
