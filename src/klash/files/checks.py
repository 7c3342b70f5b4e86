"""System check: what opens strangers' files is walled in and watched."""

from typing import Any

from django.conf import settings
from django.core.checks import Warning, register

from klash.files import intake

WALLS = {
    "network": "allow unprivileged user namespaces, or run where the service has no network",
    "files": "run Linux 5.13 or newer with Landlock among its security modules",
}


@register(deploy=True)
def files_are_opened_behind_walls(app_configs: Any, **kwargs: Any) -> list[Warning]:
    standing = intake.walls()
    missing = [
        Warning(f"the process that opens uploaded files keeps its access to {wall}", hint=cure, id="klash.W101")
        for wall, cure in WALLS.items()
        if wall not in standing
    ]
    if not settings.KLASH_SCANNER:
        missing.append(Warning("no virus scanner looks at uploaded files", hint="name ClamAV's daemon in KLASH_SCANNER", id="klash.W102"))
    return missing
