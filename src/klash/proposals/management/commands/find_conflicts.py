"""Look for conflicts of interest in every round that is not complete; run it daily, beside what is found when something changes."""

from typing import Any

from django.core.management.base import BaseCommand

from klash.challenges.models import Challenge
from klash.competitions.models import Competition
from klash.problems import services as problems
from klash.proposals import services as proposals
from klash.teams import services as teams


class Command(BaseCommand):
    help = "Look for conflicts of interest in every round that is not complete, and let deputies take the seats that are free."

    def handle(self, *args: Any, **options: Any) -> None:
        barred = sum(problems.find_conflicts(competition=row) for row in Competition.objects.order_by("pk"))
        replaced = 0
        for challenge in Challenge.objects.select_related("competition", "pilot_municipality").order_by("pk"):
            barred += teams.find_conflicts(challenge=challenge)
            replaced += proposals.find_conflicts(challenge=challenge)
        self.stdout.write(f"{barred} pairs barred, {replaced} seats left")
