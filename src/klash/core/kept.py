"""Nothing swallows what somebody sent: a form that came when nobody was signed in, or with a token that had changed, is kept and sent again.

It lies here sealed under a key that only the browser's cookie holds, with the time of its first arrival, for a day. Only a form that a page of ours
drew for an account is kept (`whose`, signed), and only that account sends it, with its own press on a page that shows what is sent: so another
site can neither send a form nor have one sent, and on a shared computer nobody sends another's.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from klash.core import arrival, audit, chance, clock
from klash.core.models import KeptForm

WHOSE, SENT_AGAIN = "whose", "kept"  # fields of a form: whose page it is; which kept form is sent again
KEPT_FOR = timedelta(hours=24)
BYTES_MAX, FORMS_MAX = 1_000_000, 20  # of one form; of one account
# Fields that a page fills in by itself, and buttons. "seen" stands before a part's name, too.
_UNSHOWN = frozenset({
    WHOSE, "csrfmiddlewaretoken", "once", "key", "hash", "looked", "looked_at", "next", "revision", "seen", "writer",
    "check", "preview", "publish", "save", "send", "submit", "summary_page",
})
_signer = Signer(salt="klash.kept")


@dataclass(frozen=True)
class Form:
    """A kept form, opened. path: where it goes; page: where it was written; files: the names of those that have to be attached again."""

    code: str
    whose: str
    path: str
    page: str
    fields: Sequence[tuple[str, Sequence[str]]]
    files: Sequence[str]
    received_at: datetime

    @property
    def values(self) -> list[str]:
        """Return what a person typed or chose."""
        return [value for name, values in self.fields if name.split("_")[0] != "seen" and name not in _UNSHOWN for value in values if value.strip()]


def mark_of(person: Any) -> str:
    """Return what a form carries to tell whose page it is; "" for who is not signed in."""
    return _signer.sign(person.code) if person.is_authenticated else ""


def answer(request: HttpRequest, *, to: str = "") -> HttpResponse | None:
    """Keep the form and return the page that says so; None where it is not one to be kept.

    Called by whatever stands between a person and the view: signing in, the token against forgery, terms to be accepted.
    to: where a person who is signed in goes first; left out, to the page that shows what is kept.
    """
    if SENT_AGAIN in request.POST:  # the press on the page that shows what is sent; the form is kept already
        return redirect("accounts:kept")
    whose = _whose(request)
    token = request.COOKIES.get(settings.KEPT_COOKIE_NAME, "") or chance.key() + chance.key()
    form = _keep(request, whose, token) if whose else None
    if form is None:
        return None
    if request.user.is_authenticated:
        response: HttpResponse = redirect(to or "accounts:kept")
    else:
        sign_in = f"{reverse('accounts:sign_in')}?next={reverse('accounts:kept')}"
        response = render(request, "accounts/kept_signed_out.html", {"form": form, "sign_in": sign_in}, status=403)
    response.is_answer = False  # type: ignore[attr-defined]  # nothing was done yet: `once` keeps no reply
    is_secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(settings.KEPT_COOKIE_NAME, token, max_age=KEPT_FOR, secure=is_secure, httponly=True, samesite="Lax")
    return response


def _whose(request: HttpRequest) -> str:
    if request.method != "POST" or getattr(request, "htmx", False):  # what is saved as one types stays on the page
        return ""
    try:
        return _signer.unsign(request.POST.get(WHOSE, ""))
    except BadSignature:
        return ""


def _keep(request: HttpRequest, whose: str, token: str) -> Form | None:
    referer = request.headers.get("Referer", "")
    is_own = url_has_allowed_host_and_scheme(referer, {request.get_host()})
    held: dict[str, Any] = {
        "whose": whose, "path": request.get_full_path(), "page": urlsplit(referer).path if is_own else request.path,
        "fields": list(request.POST.lists()), "files": [file.name for _, files in request.FILES.lists() for file in files],
    }
    data, now, account = audit.canonical(held), clock.judged(), audit.sha256("klash/1/kept/account", whose)
    clear()
    if len(data) > BYTES_MAX or KeptForm.objects.filter(account=account).count() >= FORMS_MAX:
        return None
    row = KeptForm(browser=_browser(token), account=account, received_at=arrival.received(arrival.moment(request), now), kept_at=now)
    row.sealed = _cipher(token).encrypt(bytes.fromhex(row.code)[:12], data, row.code.encode())
    row.save(force_insert=True)
    return _form(row, held)


def waiting(request: HttpRequest) -> list[Form]:
    """Return what is kept for this browser, in order of arrival, whoever it is of. One query where there is a cookie."""
    token = request.COOKIES.get(settings.KEPT_COOKIE_NAME, "")
    rows = KeptForm.objects.filter(browser=_browser(token), kept_at__gt=clock.now() - KEPT_FOR) if token else []
    return [form for row in rows if (form := _open(row, token))]


def is_waiting(request: HttpRequest) -> bool:
    """Return whether the browser says that something is kept for it; no query."""
    return settings.KEPT_COOKIE_NAME in request.COOKIES


def put_back(request: HttpRequest) -> bool:
    """Put a kept form in the place of the one that asks for it; False where that is not this person's, or not for this page."""
    form = next((form for form in waiting(request) if form.code == request.POST.get(SENT_AGAIN)), None)
    if form is None or form.whose != getattr(request.user, "code", "") or form.path != request.get_full_path():
        return False
    fields = QueryDict(mutable=True)
    for name, values in form.fields:
        fields.setlist(name, list(values))
    request.POST = fields  # type: ignore[assignment]
    request.first_arrived_at, request.kept_form = form.received_at, form  # type: ignore[attr-defined]
    return True


def settle(request: HttpRequest, response: HttpResponse) -> None:
    """Forget a form that was sent again and answered; one that was refused stays for its day."""
    form = getattr(request, "kept_form", None)
    if form is not None and response.status_code < 400:
        forget(request, form.code)
        if not waiting(request):
            response.delete_cookie(settings.KEPT_COOKIE_NAME, samesite="Lax")


def forget(request: HttpRequest, code: str) -> None:
    """Delete one form of this browser."""
    KeptForm.objects.filter(browser=_browser(request.COOKIES.get(settings.KEPT_COOKIE_NAME, "")), code=code).delete()


def clear(using: str = "default") -> int:
    """Delete what was kept for its time; return how many."""
    return KeptForm.objects.using(using).filter(kept_at__lte=clock.now() - KEPT_FOR).delete()[0]


def _open(row: KeptForm, token: str) -> Form | None:
    try:
        return _form(row, json.loads(_cipher(token).decrypt(bytes.fromhex(row.code)[:12], bytes(row.sealed), row.code.encode())))
    except InvalidTag:
        return None


def _form(row: KeptForm, held: dict[str, Any]) -> Form:
    return Form(code=row.code, received_at=row.received_at, **held)


def _browser(token: str) -> str:
    return audit.sha256("klash/1/kept/browser", token)


def _cipher(token: str) -> AESGCM:
    return AESGCM(bytes.fromhex(audit.sha256("klash/1/kept/key", token)))
