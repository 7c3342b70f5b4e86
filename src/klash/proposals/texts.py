"""What was left out of a file and what a finding is, in words of the interface."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REMOVED: dict[str, Promise] = {
    "info": _("author, title and other properties of the document"), "metadata": _("metadata"), "exif": _("data that the camera wrote"),
    "comments": _("comments"), "text": _("text beside the picture"), "annotations": _("notes and links"), "forms": _("form fields"),
    "outlines": _("bookmarks"), "names": _("names of places in the document"), "page labels": _("page labels"), "layers": _("layers"),
    "private data": _("data of the program that made the file"), "actions": _("actions"), "scripts": _("scripts"), "thumbnails": _("small pictures of pages"),
    "attachments": _("files within the file"), "other pictures": _("other versions of a picture"), "picture data": _("data beside a picture"),
    "broken pictures": _("broken pictures"), "signatures": _("signatures"), "colour profiles": _("colour profiles"), "ink names": _("names of inks"),
    "font names": _("names of fonts"), "glyph names": _("names of signs in fonts"), "broken fonts": _("broken fonts"), "view": _("how the document opens"),
    "revisions": _("earlier versions of the document"), "hidden words": _("words behind the page, such as alternative texts"),
    "other": _("other things that no page shows"),
}  # fmt: skip


def removed_words(removed: Iterable[str]) -> tuple[str, ...]:
    """Return what was left out of a file, in words of the active language; a word that is not known here counts as other."""
    return tuple(dict.fromkeys(str(REMOVED.get(word, REMOVED["other"])) for word in removed))
