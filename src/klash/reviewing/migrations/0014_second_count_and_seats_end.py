from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("reviewing", "0013_a_juror_knows_whose_it_is"),
    ]

    operations = [
        migrations.AddField(
            model_name="seat",
            name="ended_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="seat",
            name="second_count",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
