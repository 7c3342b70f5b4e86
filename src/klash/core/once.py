"""What is sent twice happens once: a form carries a random key, and the reply to a key that came before is the first reply, byte for byte.

The key's row is written first, in the transaction that does the work: who sends the same at the same time waits at the unique index for the
first and is then given its reply. Nothing is kept of a form that was shown again with its faults, nor of what was refused: that may be corrected.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import wraps
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from klash.core import access, audit, clock, kept
from klash.core.databases import reviewing
from klash.core.errors import Refused
from klash.core.models import Sent
from klash.rules.reasons import Reason

FIELD = "once"
PLUMBING = frozenset({FIELD, "csrfmiddlewaretoken", kept.WHOSE})  # what differs between two drawings of one form
KEPT_FOR = timedelta(days=7)
_KEY = re.compile(r"[0-9a-f]{32}")
_HEADERS = ("Content-Type", "Location")


def once(view: access.View) -> access.View:
    """Let a view that makes something do so once for each key (`{% once %}` in its form). Without a key it works as ever.

    It stands above the view's access rule, so that a repeated key is answered even where the first made the rule refuse a second.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.POST.get(FIELD, "") if request.method == "POST" else ""
        if not _KEY.fullmatch(key) or not _sender(request, view):
            return view(request, *args, **kwargs)
        return _answer(request, key, view, args, kwargs)

    guarded.is_once = True  # type: ignore[attr-defined]
    return guarded


def answered(response: HttpResponse) -> HttpResponse:
    """Mark a page as the reply to what was done; a redirect is one anyway."""
    response.is_answer = True  # type: ignore[attr-defined]
    return response


def clear(using: str = "default") -> int:
    """Delete the replies that were kept for their time; return how many."""
    return Sent.objects.using(using).filter(at__lte=clock.now() - KEPT_FOR).delete()[0]


def _answer(request: HttpRequest, key: str, view: access.View, args: Any, kwargs: Any) -> HttpResponse:
    using = reviewing() if view.__module__.startswith("klash.reviewing.") else "default"
    # Neither the sender nor the key can be read from the row, and what was sent cannot be guessed from its digest.
    row = Sent(handle=audit.sha256("klash/1/once", _sender(request, view), key), digest=audit.sha256("klash/1/sent", key, *_content(request)), at=clock.now())
    with transaction.atomic(using=using):
        try:
            with transaction.atomic(using=using):
                row.save(using=using, force_insert=True)
        except IntegrityError:
            return _first(Sent.objects.using(using).get(handle=row.handle), row)
        response = view(request, *args, **kwargs)
        if getattr(response, "is_answer", 300 <= response.status_code < 400):
            row.status, row.body = response.status_code, response.content
            row.headers = {name: response[name] for name in _HEADERS if response.has_header(name)}
            row.save(using=using)
        else:
            row.delete(using=using)
        return response


def _first(first: Sent, again: Sent) -> HttpResponse:
    if first.digest != again.digest:
        raise Refused(Reason.SENT_BEFORE)
    return HttpResponse(bytes(first.body), status=first.status, headers=first.headers)


def _sender(request: HttpRequest, view: access.View) -> str:
    """Return who sends: the account, or on a page for everyone the browser, by the cookie that its forms are tied to; "" for nobody."""
    if request.user.is_authenticated:
        return f"person/{access.person(request).code}"
    rule = access.rule_of(view)
    return f"browser/{request.META.get('CSRF_COOKIE', '')}" if rule is not None and rule.kind == "public" else ""


def _content(request: HttpRequest) -> Iterator[bytes | str]:
    yield request.get_full_path()
    yield audit.canonical(sorted((name, values) for name, values in request.POST.lists() if name not in PLUMBING))
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            yield from (name, str(file.name), audit.sha256(*file.chunks()))
            file.seek(0)
