import django.db.models.deletion
from django.db import migrations, models

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


class Migration(migrations.Migration):
    dependencies = [("core", "0002_events_by_what")]
    operations = [
        migrations.RenameField("auditevent", "hash", "leaf"),
        migrations.AlterField("auditevent", "leaf", models.CharField(max_length=64)),
        migrations.AlterField("auditchain", "head", models.CharField(default=EMPTY, max_length=64)),
        migrations.AddField("auditchain", "frontier", models.TextField(default="")),
        migrations.AddField("auditchain", "revealed_at", models.DateTimeField(null=True)),
        migrations.CreateModel(
            "Checkpoint",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("published_at", models.DateTimeField()),
                ("origin", models.CharField(max_length=200)),
                ("key", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("root", models.CharField(max_length=64)),
                ("nonce", models.CharField(max_length=64)),
                ("signature", models.CharField(max_length=128)),
                ("blinded", models.CharField(max_length=64, unique=True)),
                ("chain", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="checkpoints", to="core.auditchain")),
            ],
            options={"ordering": ["at"], "constraints": [models.UniqueConstraint(fields=("chain", "at"), name="one_checkpoint_a_minute")]},
        ),
    ]
