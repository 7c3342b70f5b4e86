"""Do a run of the planner that somebody asked for; the page of the timetable starts it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from klash.mentoring.models import PlanRun
from klash.mentoring.services import run_plan


class Command(BaseCommand):
    help = "Do a run of the planner of mentoring that somebody asked for."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="code of the run")

    def handle(self, *args: Any, **options: Any) -> None:
        run = PlanRun.objects.select_related("competition", "asked_by").filter(code=options["code"], ended_at=None).first()
        if run is None:
            raise CommandError(f"no run {options['code']} waits to be done")
        if run_plan(run).fault:
            raise CommandError(f"run {run.code} ended: {run.fault}")
