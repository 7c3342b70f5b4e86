from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reviewing', '0004_count_what_is_there'),
    ]

    operations = [
        migrations.AlterField(model_name='entry', name='number', field=models.PositiveIntegerField()),
        migrations.AddConstraint(model_name='entry', constraint=models.UniqueConstraint(fields=('round', 'number'), name='one_entry_a_number')),
    ]
