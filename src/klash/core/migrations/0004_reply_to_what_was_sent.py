from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0003_merkle_trees")]

    operations = [
        migrations.CreateModel(
            name="Sent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("handle", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(default=0)),
                ("headers", models.JSONField(default=dict)),
                ("body", models.BinaryField(default=b"")),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="sent_at")],
                "constraints": [models.UniqueConstraint(fields=["handle"], name="one_reply_a_key")],
            },
        ),
    ]
