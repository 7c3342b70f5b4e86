"""The alarm: no drill has succeeded for too long. `./klash manage check --deploy` reads it, every day."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import Warning, register

from klash.core import clock
from klash.operating.services import last_success

DAYS = 8


@register("operating", deploy=True)
def a_drill_has_succeeded(app_configs: Any, **kwargs: Any) -> list[Warning]:
    last = last_success(Path(settings.KLASH_HOME))
    if last is not None and clock.now() - last <= timedelta(days=DAYS):
        return []
    since = f"since {last:%Y-%m-%d %H:%M} UTC" if last else "yet"
    return [Warning(f"no drill of the backup has succeeded {since}", hint="run ./klash drill each week, and read what it says", id="klash.W001")]
