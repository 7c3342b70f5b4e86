import django.db.models.deletion
from django.db import migrations, models

import klash.core.fields


class Migration(migrations.Migration):
    dependencies = [("proposals", "0005_answers_stay")]

    operations = [
        migrations.CreateModel(
            name="Baseline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("texts", klash.core.fields.EncryptedJSON(default=dict)),
                ("taken_at", models.DateTimeField()),
                (
                    "proposal",
                    models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="baseline", to="proposals.proposal"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Measure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sections", klash.core.fields.EncryptedJSON(default=dict)),
                (
                    "version",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="measure", to="proposals.version"),
                ),
            ],
        ),
    ]
