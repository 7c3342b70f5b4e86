"""Files without what tells of their makers: only what a page or a picture shows is made anew."""

from dataclasses import dataclass

from klash.algo.leaks.kind import JPEG, PDF, PNG


@dataclass(frozen=True)
class Stripped:
    """A file made anew. `removed`: words for what was found and left out, sorted; `fonts`: the names its fonts had, sorted."""

    data: bytes
    removed: tuple[str, ...]
    fonts: tuple[str, ...] = ()


def strip(data: bytes, *, mime: str) -> Stripped:
    """Make a PDF, PNG or JPEG anew from what it shows; equal input, equal output.

    A PDF keeps its text, its pictures and the order in which a screen reader reads; links, notes, forms and layers become what they draw, or go.
    What is there to be read but not to be seen (white, tiny, behind a picture) stays: `shown.look` finds it.
    Raises Unfit where the file cannot be made anew; ValueError for another `mime`. Takes memory: call it in a process with limits.
    """
    # Their libraries are large and needed where files are taken in only: whoever scans a text does not load them.
    from klash.algo.leaks._pdf import rebuild_pdf
    from klash.algo.leaks._picture import clean_picture

    if mime == PDF:
        made, removed, fonts = rebuild_pdf(data)
        return Stripped(made, tuple(sorted(removed)), tuple(sorted(fonts)))
    if mime not in (PNG, JPEG):
        raise ValueError(f"expected a PDF, PNG or JPEG, got {mime}")
    made, removed = clean_picture(data, mime)
    return Stripped(made, tuple(sorted(removed)))
