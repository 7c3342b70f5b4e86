"""Columns of our own: text in three languages, and JSON that is encrypted where it lies."""

import json
from typing import TYPE_CHECKING, Any, TypeAlias

from django.core.exceptions import ValidationError
from django.db import models

from klash.core import sealing

LANGUAGES = ("fi", "sv", "en")
Text: TypeAlias = dict[str, str]

if TYPE_CHECKING:
    Bytes = models.BinaryField[Any, Any]
else:  # at run time the class takes no parameters
    Bytes = models.BinaryField


def check_text(value: Any) -> None:
    """Raise ValidationError unless value maps language codes to strings."""
    if not isinstance(value, dict) or not set(value) <= set(LANGUAGES) or not all(isinstance(v, str) for v in value.values()):
        raise ValidationError("expected {fi, sv, en} -> text, got %(value)r", params={"value": value})


class TextInLanguages(models.JSONField):
    """{fi, sv, en} -> text; missing languages fall back when shown (`core.show.pick`)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)
        self.validators = [*self.validators, check_text]


class EncryptedJSON(Bytes):
    """JSON that lies encrypted under the process's own key, bound to its column. The database cannot search it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)

    @property
    def _context(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def get_default(self) -> Any:
        return self.default() if callable(self.default) else self.default

    def from_db_value(self, value: Any, *args: Any) -> Any:
        return None if value is None else json.loads(sealing.unlock(bytes(value), self._context))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None:
            return None
        locked = sealing.lock(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), self._context)
        return connection.Database.Binary(locked) if hasattr(connection, "Database") else locked
