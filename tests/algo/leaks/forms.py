"""The hand-typed forms, and texts to plant them in."""

from pathlib import Path

from klash.algo.leaks import OwnNames

DATA = Path(__file__).parent / "data"
THINGS = {"ABC", "KaikkiKyytiin", "Reittari", "Grannhjälpen", "Kvarnby"}


def _lines(name):
    return [line for line in (DATA / name).read_text("utf-8").splitlines() if line and not line.startswith("#")]


def paradigms():
    """Return pairs of a name and its case forms."""
    rows = [line.replace("|", " ").split() for line in _lines("paradigms.txt")]
    return [(row[0], row) for row in rows]


def attached():
    """Return pairs of a name and forms of it with something attached."""
    return [(name, forms.split()) for name, forms in (line.split(":", 1) for line in _lines("attached.txt"))]


def running(language):
    """Return an ordinary text in which nobody is named."""
    return (DATA / f"{language}.txt").read_text("utf-8")


def own_of(name):
    return OwnNames(products=(name,)) if name in THINGS else OwnNames(people=(name,))
