"""What an operator does: back up, restore, and try whether both hold."""

from klash.operating.services.backing import Made, back_up
from klash.operating.services.drilling import last_success, run_drill
from klash.operating.services.restoring import restore

__all__ = ["Made", "back_up", "last_success", "restore", "run_drill"]
