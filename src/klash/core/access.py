"""Who may: facts from rows, the answer from `rules.permissions`; and the declared rule that each URL needs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode, urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from klash.core import clock, kept
from klash.core.errors import Denied
from klash.rules.permissions import Facts, Permission, why_not
from klash.rules.reasons import Reason
from klash.rules.roles import Role


class Actor(Protocol):
    @property
    def pseudonym(self) -> str: ...

    @property
    def is_authenticated(self) -> bool: ...

    def roles_in(self, competition: str, challenge: str = "") -> frozenset[Role]: ...


class Guarded(Protocol):
    """A row that states the facts a decision about it may look at."""

    def facts_for(self, actor: Any, now: datetime) -> Facts: ...


def reason_against(actor: Any, permission: Permission, thing: Guarded, now: datetime | None = None) -> Reason | None:
    """Return why the actor may not do this to the thing, or None. Costs the queries of `facts_for`."""
    return why_not(permission, thing.facts_for(actor, now or clock.now()))


def may(actor: Any, permission: Permission, thing: Guarded, now: datetime | None = None) -> bool:
    """Return whether the actor may do this to the thing now."""
    return reason_against(actor, permission, thing, now) is None


def ensure(actor: Any, permission: Permission, thing: Guarded, now: datetime | None = None) -> None:
    """Raise Denied with the reason unless the actor may."""
    if (reason := reason_against(actor, permission, thing, now)) is not None:
        raise Denied(reason, permission.value)


@dataclass(frozen=True)
class Rule:
    """What a URL declares: `public`, `signed_in`, or the permission that its page needs."""

    kind: str
    permission: Permission | None = None


View = Callable[..., HttpResponse]
Thing = TypeVar("Thing")


def public(view: View) -> View:
    """Declare that anybody may open this URL; what it shows still comes from `visible_to`."""
    return _declare(view, Rule("public"))


def signed_in(view: View) -> View:
    """Declare that anybody signed in may open this URL; what it shows still comes from `visible_to`."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _sign_in_first(request)
        return view(request, *args, **kwargs)

    return _declare(guarded, Rule("signed_in"))


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    """Keep what was sent; else lead to the sign-in page and from there back: to the page asked for, or to the one that held the form."""
    if (answer := kept.answer(request)) is not None:
        return answer
    back = request.path
    if request.method not in ("GET", "HEAD"):
        referer = request.headers.get("Referer", "")
        back = urlsplit(referer).path if url_has_allowed_host_and_scheme(referer, {request.get_host()}) else ""
    sign_in = reverse("accounts:sign_in")
    return redirect(f"{sign_in}?{urlencode({'next': back}, safe='/')}" if back else sign_in)


def needs(permission: Permission, fetch: Callable[..., Any]) -> Callable[[View], View]:
    """Declare that the URL needs `permission` on the thing that `fetch(user, **kwargs)` finds.

    The view gets the thing instead of the URL's arguments. `fetch` reads through `visible_to`; what it does not find,
    and every refusal that rules do not tell (`reasons.TOLD`), is the same 404.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _sign_in_first(request)
            thing = found(fetch(request.user, **kwargs))
            ensure(request.user, permission, thing)
            return view(request, thing)

        return _declare(guarded, Rule("needs", permission))

    return decorate


def found(thing: Thing | None) -> Thing:
    """Return what a view looked up. Raises Http404 where that is nothing: not there, not yours and not now are one page."""
    if thing is None:
        raise Http404
    return thing


def person(request: HttpRequest) -> Any:
    """Return who is signed in; call it behind `signed_in` or `needs`."""
    return request.user


def rule_of(view: Any) -> Rule | None:
    """Return the rule that a view declares, if any."""
    return getattr(view, "access_rule", None)


def _declare(view: View, rule: Rule) -> View:
    view.access_rule = rule  # type: ignore[attr-defined]
    return view
