"""Which table lies in which database. `default` holds identities, `reviewing` what reviewers read and write.

The ground (core, accounts, post) has tables in both. In the jury's face the reviewing database is the only one and
carries the alias `default`, so no setting of that process can open the other.
"""

from typing import Any

from django.conf import settings

GROUND = frozenset({"core", "accounts", "post", "sessions", "contenttypes", "auth"})


def reviewing() -> str:
    """Return the alias of the database that reviewers read and write."""
    return "default" if settings.KLASH_FACE == "jury" else "reviewing"


class Router:
    """Send models of `reviewing` to their own database; never relate rows across."""

    def _alias(self, app: str) -> str:
        return reviewing() if app == "reviewing" else "default"

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        instance = hints.get("instance")
        if instance is not None and instance._state.db and model._meta.app_label in GROUND | {"reviewing"}:
            return str(instance._state.db)
        return self._alias(model._meta.app_label)

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return bool(one._state.db == other._state.db)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        if app_label in GROUND:
            return True
        return db == self._alias(app_label)
