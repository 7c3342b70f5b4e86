"""What operators and organisers do with a competition as a whole."""

from klash.competitions.services.rulings import give_reason_for_fewer, lock_sheet, release_ruling, save_decision
from klash.competitions.services.running import deadline_moved, hold_stage, move_deadline
from klash.competitions.services.setup import (
    add_partner,
    add_stage,
    add_theme,
    create_competition,
    found_competition,
    name_partner,
    name_theme,
    publish_competition,
    remove_criterion,
    remove_partner,
    remove_theme,
    save_criterion,
    save_texts,
    set_calendar,
    set_criteria,
)

__all__ = [
    "add_partner", "add_stage", "add_theme", "create_competition", "deadline_moved", "found_competition", "give_reason_for_fewer", "hold_stage",
    "lock_sheet", "move_deadline", "name_partner", "name_theme",
    "publish_competition", "release_ruling", "remove_criterion", "remove_partner", "remove_theme", "save_criterion",
    "save_decision", "save_texts", "set_calendar", "set_criteria",
]
