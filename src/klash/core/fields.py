"""Text in three languages as one typed JSON column."""

from typing import Any, TypeAlias

from django.core.exceptions import ValidationError
from django.db import models

LANGUAGES = ("fi", "sv", "en")
Text: TypeAlias = dict[str, str]


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
