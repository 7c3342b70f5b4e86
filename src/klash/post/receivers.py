"""Mails that earlier apps ask for; they cannot call the outbox themselves."""

from typing import Any

from django.dispatch import receiver

from klash.accounts.services import letter
from klash.post.services import queue


@receiver(letter)
def queue_letter(
    *, sender: Any, to: str, language: str, template: str, context: dict[str, Any], event: str, **kwargs: Any
) -> None:
    queue(to=to, language=language, template=template, context=context, event=event)
