"""Which text a spreadsheet would take for a formula, and how a CSV file keeps it from doing so."""

import unicodedata

_SIGNS = ("=", "+", "-", "@", "|", "%")


def safe(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula: with an apostrophe before it where it might."""
    return f"'{text}" if _is_active(text.lstrip("'")) else text


def plain(cell: str) -> str:
    """Return the text of which `safe` made the cell."""
    return cell[1:] if cell.startswith("'") and _is_active(cell.lstrip("'")) else cell


def _is_active(text: str) -> bool:
    # Wide forms of the signs are signs too.
    return text[:1] in ("\t", "\r", "\n") or unicodedata.normalize("NFKC", text.lstrip()[:1]) in _SIGNS
