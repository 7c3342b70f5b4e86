"""Number the entries, count each seat's submitted reviews and write the places of complete rounds."""

from django.db import migrations
from django.db.models import Count, F, OuterRef, Q, Subquery, Window
from django.db.models.functions import Coalesce, Rank, RowNumber

PIECE = 1000


def count(apps, schema_editor):
    using = schema_editor.connection.alias
    Seat, Entry = apps.get_model("reviewing", "Seat"), apps.get_model("reviewing", "Entry")
    done = Seat.objects.filter(pk=OuterRef("pk")).annotate(done=Count("reviews", filter=Q(reviews__state="submitted"))).values("done")
    Seat.objects.using(using).update(submitted_count=Coalesce(Subquery(done), 0))
    # The keys follow the order in which the entries were written: drawn, so that it tells nothing of arrival.
    numbered = Entry.objects.using(using).annotate(
        at=Window(RowNumber(), partition_by=F("round"), order_by="pk"), rank=Window(Rank(), partition_by=F("round"), order_by=F("points").desc())
    ).select_related("round")
    rows = list(numbered)
    for row in rows:
        row.number, row.place = row.at - 1, row.rank if row.round.state == "complete" else None
    Entry.objects.using(using).bulk_update(rows, ["number", "place"], batch_size=PIECE)


class Migration(migrations.Migration):

    dependencies = [
        ('reviewing', '0003_counts_and_places'),
    ]

    operations = [migrations.RunPython(count, migrations.RunPython.noop)]
