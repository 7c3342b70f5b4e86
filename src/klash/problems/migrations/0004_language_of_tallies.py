from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_side_held_by_database"), ("competitions", "0001_initial"), ("problems", "0003_merging")]

    operations = [
        migrations.AddField("tally", "language", models.CharField(default="", max_length=2), preserve_default=False),
        migrations.RemoveConstraint("tally", "one_tally_a_kind"),
        migrations.AddConstraint(
            "tally", models.UniqueConstraint(fields=["competition", "municipality", "theme", "state", "language"], name="one_tally_a_kind")
        ),
        migrations.RemoveIndex("tally", "tally_of_kind"),
        migrations.AddIndex(
            "tally", models.Index(fields=["competition", "theme", "state", "language", "municipality", "led"], name="tally_of_kind")
        ),
        migrations.RemoveIndex("problem", "problem_by_title"),
        migrations.AddIndex(
            "problem", models.Index(fields=["competition", "title", "code", "state", "language", "municipality"], name="problem_by_title")
        ),
    ]
