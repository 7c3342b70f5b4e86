from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reviewing', '0002_absent_chair_leaves_place'),
    ]

    operations = [
        migrations.AddField(model_name='seat', name='submitted_count', field=models.PositiveIntegerField(default=0)),
        migrations.AddField(model_name='entry', name='number', field=models.PositiveIntegerField(null=True)),
        migrations.AddField(model_name='entry', name='place', field=models.PositiveIntegerField(null=True)),
        migrations.RemoveIndex(model_name='entry', name='entry_rank'),
        migrations.AddIndex(model_name='entry', index=models.Index(fields=['round', 'place', 'code'], name='entry_place')),
    ]
