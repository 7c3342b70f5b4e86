from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('problems', '0002_revision_of_text'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='problem', name='problem_list'),
        migrations.RemoveIndex(model_name='problem', name='problem_theme'),
        migrations.AddIndex(model_name='problem', index=models.Index(fields=['competition', 'title', 'code', 'state'], name='problem_by_title')),
        migrations.AddIndex(model_name='problem', index=models.Index(fields=['competition', '-submitted_at', 'code', 'state'], name='problem_newest')),
        migrations.AddIndex(model_name='problem', index=models.Index(fields=['competition', 'theme', 'municipality', 'state'], name='problem_facets')),
    ]
