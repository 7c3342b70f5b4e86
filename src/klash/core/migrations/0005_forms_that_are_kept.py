import klash.core.chance
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0004_reply_to_what_was_sent")]

    operations = [
        migrations.CreateModel(
            name="KeptForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(default=klash.core.chance.key, max_length=32, unique=True)),
                ("browser", models.CharField(max_length=64)),
                ("account", models.CharField(max_length=64)),
                ("sealed", models.BinaryField()),
                ("received_at", models.DateTimeField()),
                ("kept_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(fields=["browser"], name="kept_form_browser"),
                    models.Index(fields=["account"], name="kept_form_account"),
                    models.Index(fields=["kept_at"], name="kept_form_at"),
                ],
            },
        ),
    ]
