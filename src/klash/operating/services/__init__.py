"""What an operator does: back up, restore, and try whether both hold."""

from klash.operating.services.backing import Made, back_up
from klash.operating.services.drilling import last_success, run_drill
from klash.operating.services.restoring import restore
from klash.operating.services.tending import scrub, scrub_due, sweep

__all__ = ["Made", "back_up", "last_success", "restore", "run_drill", "scrub", "scrub_due", "sweep"]
