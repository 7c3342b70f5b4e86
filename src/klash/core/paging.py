"""Pages of a list whose places are known: what the address asks for, and where the first and the next page are."""

from django.http import HttpRequest

PAGE = 50
FORM_PAGE = 30  # where each row is a form to fill in


def asked(request: HttpRequest) -> int:
    """Return the page that the address asks for; 0 is the first."""
    given = request.GET.get("page", "")
    return max(int(given) - 1, 0) if given.isascii() and given.isdecimal() and len(given) < 8 else 0


def links(page: int, count: int, size: int = PAGE) -> dict[str, str]:
    """Return the addresses of the first and of the next page, as the pager draws them; empty on them. count: rows in all."""
    return {"first_url": "?" if page else "", "next_url": f"?page={page + 2}" if (page + 1) * size < count else ""}
