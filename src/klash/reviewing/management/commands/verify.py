"""Recompute the event chains of every database that this process may open, the results, and what the rows say from them."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from klash.core import audit
from klash.reviewing import selectors


class Command(BaseCommand):
    help = "Recompute the hash chains of all competitions and report what does not follow."

    def handle(self, *args: Any, **options: Any) -> None:
        faults: list[str] = []
        for using in settings.DATABASES:
            for verdict in audit.verify(using):
                self.stdout.write(f"{using} {verdict.competition}: {verdict.length} events, head {verdict.head[:16]}, {len(verdict.faults)} faults")
                faults += [f"{using} {fault}" for fault in verdict.faults]
        results = selectors.verify_results()
        self.stdout.write(f"results recomputed from the reviews: {len(results)} faults")
        faults += results
        rows = audit.recheck()
        self.stdout.write(f"rows checked against the log: {len(rows)} faults")
        faults += rows
        if faults:
            raise CommandError("the log does not hold:\n" + "\n".join(faults))
