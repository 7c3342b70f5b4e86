"""Write the weight of the reviews that were given before there were optional criteria, and mark what divided the reviewers of a complete round most."""

from collections import defaultdict

from django.db import migrations
from django.db.models import Sum


def weigh(apps, schema_editor):
    using = schema_editor.connection.alias
    Round, Review, Second = (apps.get_model("reviewing", name) for name in ("Round", "Review", "SecondReview"))
    for round_ in Round.objects.using(using).exclude(state="draft"):
        weight = round_.criteria.using(using).aggregate(total=Sum("weight"))["total"] or 0
        Review.objects.using(using).filter(entry__round=round_).exclude(submitted_at=None).update(weight=weight)
        Second.objects.using(using).filter(review__entry__round=round_).exclude(submitted_at=None).update(weight=weight)
        if round_.state == "complete":
            _mark(round_, Review, using)


def _mark(round_, Review, using):
    rows = Review.objects.using(using).filter(entry__round=round_, entry__is_excluded=False, seat__is_absent=False, state="submitted").select_related("second")
    given = defaultdict(list)
    for row in rows:
        second = getattr(row, "second", None)
        given[row.entry_id].append(second.points if second and second.state == "submitted" else row.points)
    # The variance, times the square of the number of reviews, compared in whole numbers.
    spread = {entry: (len(own) * sum(x * x for x in own) - sum(own) ** 2, len(own) ** 2) for entry, own in given.items()}
    most = (0, 1)
    for found in spread.values():
        most = found if found[0] * most[1] > most[0] * found[1] else most
    marked = [entry for entry, found in spread.items() if found[0] * most[1] == most[0] * found[1]]
    if most[0] and len(marked) < len(spread):
        round_.entries.using(using).filter(pk__in=marked).update(is_divided=True)


class Migration(migrations.Migration):

    dependencies = [
        ('reviewing', '0009_optional_criteria'),
    ]

    operations = [migrations.RunPython(weigh, migrations.RunPython.noop)]
