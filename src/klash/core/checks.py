"""System checks: no URL without a declared rule."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import Error, register
from django.urls import URLPattern, URLResolver, get_resolver

from klash.core import access


def patterns(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield every URL pattern with its whole route."""
    for item in (resolver or get_resolver()).url_patterns:
        if isinstance(item, URLResolver):
            yield from patterns(item, prefix + str(item.pattern))
        else:
            yield prefix + str(item.pattern), item


@register("urls")
def every_url_declares_a_rule(app_configs: Any, **kwargs: Any) -> list[Error]:
    return [
        Error(f"{route} declares no access rule", hint="decorate the view with access.public, signed_in or needs", id="klash.E001")
        for route, pattern in patterns()
        if access.rule_of(pattern.callback) is None
    ]
