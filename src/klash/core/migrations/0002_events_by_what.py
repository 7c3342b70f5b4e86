from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.AddIndex(model_name="auditevent", index=models.Index(fields=["chain", "what", "number"], name="event_what")),
    ]
