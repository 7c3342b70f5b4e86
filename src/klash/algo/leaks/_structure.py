"""The order in which a screen reader reads: headings, paragraphs, lists and tables, with no words of their own."""

import re
from collections.abc import Iterable
from typing import Any

from pikepdf import Array, Dictionary, Name, String

from klash.algo.leaks._content import TAGS
from klash.algo.leaks._rebuild import Rebuild, whole

ELEMENTS_MAX = 50_000
_DEPTH_MAX = 60
_LANGUAGE = re.compile(r"(fi|sv|en|se|smn|sms|de|fr|et|ru|da|nb|no)(-[A-Z]{2})?")


class Structure:
    """The tree of elements, made anew beside the pages; without one in the source, or with a broken one, none."""

    def __init__(self, rebuild: Rebuild, root: Any) -> None:
        self.rebuild = rebuild
        tree = root.get("/StructTreeRoot")
        self.tree = tree if isinstance(tree, Dictionary) else None
        self.roles = self.tree.get("/RoleMap") if self.tree is not None else None
        self.language = root.get("/Lang")
        self.pages: dict[tuple[int, int], Any] = {}
        self.numbers: dict[tuple[int, int], dict[int, Any]] = {}
        self.seen: set[tuple[int, int]] = set()
        self.elements = 0

    @property
    def is_kept(self) -> bool:
        return self.tree is not None

    def place(self, old: Any, new: Any) -> None:
        """Tell that a page has been made anew."""
        self.pages.setdefault(old.objgen, new)
        self.numbers.setdefault(old.objgen, {})

    def finish(self) -> None:
        """Write the tree into the new document."""
        target = self.rebuild.target
        if isinstance(self.language, String) and _LANGUAGE.fullmatch(str(self.language)):
            target.Root.Lang = String(str(self.language))
        if self.tree is None:
            return
        root = target.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        root.K = Array(self._children(self.tree.get("/K"), root, None, 0))
        entries = Array()
        for place, (old, page) in enumerate(self.pages.items()):
            page.StructParents, page.Tabs = place, Name.S
            held = self.numbers[old]
            entries.append(place)
            entries.append(target.make_indirect(Array([held.get(number) for number in range(max(held, default=-1) + 1)])))
        root.ParentTree, root.ParentTreeNextKey = target.make_indirect(Dictionary(Nums=entries)), len(self.pages)
        target.Root.StructTreeRoot, target.Root.MarkInfo = root, Dictionary(Marked=True)

    def _children(self, kids: Any, parent: Any, page: Any, depth: int) -> list[Any]:
        items: Iterable[Any] = kids if isinstance(kids, Array) else (kids,)
        made = (self._child(kid, parent, page, depth) for kid in items)
        return [child for child in made if child is not None]

    def _child(self, kid: Any, parent: Any, page: Any, depth: int) -> Any:
        if whole(kid) is not None:
            return self._piece(kid, page, parent)
        if not isinstance(kid, Dictionary) or depth > _DEPTH_MAX or self.elements >= ELEMENTS_MAX:
            return None
        page = kid.get("/Pg", page)
        if kid.get("/Type") == Name.MCR:
            return self._piece(whole(kid.get("/MCID")), page, parent, as_reference=True) if "/Stm" not in kid else None
        if "/S" not in kid or kid.objgen in self.seen:
            return None
        if kid.is_indirect:  # one has one parent; what comes back is a loop
            self.seen.add(kid.objgen)
        return self._element(kid, parent, page, depth)

    def _element(self, source: Any, parent: Any, page: Any, depth: int) -> Any:
        self.elements += 1
        if any(key in source for key in ("/Alt", "/ActualText", "/E", "/T", "/ID")):
            self.rebuild.removed.add("hidden words")
        element = self.rebuild.target.make_indirect(Dictionary(Type=Name.StructElem, S=Name(self._role(str(source.S))), P=parent))
        if isinstance(page, Dictionary) and page.objgen in self.pages:
            element.Pg = self.pages[page.objgen]
        element.K = Array(self._children(source.get("/K"), element, page, depth + 1))
        return element

    def _role(self, role: str) -> str:
        for _ in range(8):
            if role in TAGS:
                return role
            role = str(self.roles.get(role, "/")) if isinstance(self.roles, Dictionary) else "/"
        return "/Span" if role not in TAGS else role

    def _piece(self, number: int | None, page: Any, parent: Any, *, as_reference: bool = False) -> Any:
        if number is None or not isinstance(page, Dictionary) or page.objgen not in self.pages or not 0 <= number < 100_000:
            return None
        self.numbers[page.objgen][number] = parent
        if as_reference:
            return Dictionary(Type=Name.MCR, Pg=self.pages[page.objgen], MCID=number)
        return number
