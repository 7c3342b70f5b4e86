"""What the stages are called in the bar and on its pages."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from klash.competitions.models import StageKind
from klash.replay.engine import END


def name_of(stage: str) -> Any:
    """Return the stage's name in the reader's language; the end and what precedes the first stage have one too."""
    if stage in StageKind.values:
        return StageKind(stage).label
    return _("after the winners") if stage == END else _("publication of the competition")
