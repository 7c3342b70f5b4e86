"""Bring the message catalogues up to date with the sources.

`messages.py [APP ...]` writes and compiles them, all or those of the apps named; `messages.py --check` only tells what is wrong.

What a source file says belongs to the catalogue of its app. A mail's sentences belong to the app that sends it, which its name begins with;
what has no app of its own (the shared templates, the rules) belongs to `core`. A new sentence that another catalogue already knows is
taken from there, and named on standard output: read it, since one English word may need two. Any other is left empty for a person to write.
"""

import ast
import gettext
import io
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

SOURCES = Path(__file__).resolve().parent.parent / "src/klash"
LANGUAGES = ("fi", "sv")
HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
STRING = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
CALL = re.compile(rf"\b(_|gettext|ngettext|pgettext|npgettext)\(\s*({STRING})(?:\s*,\s*({STRING}))?(?:\s*,\s*({STRING}))?")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}|%(?=[sd%])[sd]?")
Key = tuple[str | None, str]


@dataclass
class Sentence:
    """One text of the sources, and the files that say it."""

    context: str | None
    singular: str
    plural: str | None = None
    files: set[str] = field(default_factory=set)

    @property
    def id(self) -> str | tuple[str, str]:
        return (self.singular, self.plural) if self.plural else self.singular


def _arguments(name: str, texts: list[str]) -> tuple[str | None, str, str | None]:
    """Return context, singular and plural of a call of gettext's family."""
    name = name.removesuffix("_lazy")
    context = texts.pop(0) if "p" in name.removesuffix("gettext") and texts else None
    return context, texts[0], texts[1] if "n" in name.removesuffix("gettext") else None


def in_python(text: str) -> Iterator[tuple[str | None, str, str | None]]:
    """Return what a module hands to gettext. A call without a literal cannot be extracted; it must read a text that another call names."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and re.fullmatch(r"_|n?p?gettext(_lazy)?", node.func.id):
            texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant) and isinstance(argument.value, str)]
            if texts:
                yield _arguments(node.func.id, texts)


def in_template(text: str) -> Iterator[tuple[str | None, str, str | None]]:
    """Return what a template hands to gettext, as Django itself reads it."""
    for name, *literals in CALL.findall(templatize(text)):
        yield _arguments(name, [ast.literal_eval(literal) for literal in literals if literal])


def home(path: Path) -> str:
    """Return the app whose catalogue holds a file's texts."""
    app = path.relative_to(SOURCES).parts[0]
    if path.parent.name == "email":
        return path.name.partition("_")[0]
    return app if (SOURCES / app / "apps.py").exists() else "core"


def wanted() -> dict[str, dict[Key, Sentence]]:
    """Return by app what its catalogues must hold, in the order of the sources."""
    found: dict[str, dict[Key, Sentence]] = defaultdict(dict)
    for path in sorted(path for path in SOURCES.rglob("*") if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts):
        if path.suffix != ".py" and "templates" not in path.parts:
            continue
        for context, singular, plural in (in_python if path.suffix == ".py" else in_template)(path.read_text("utf-8")):
            sentence = found[home(path)].setdefault((context, singular), Sentence(context, singular))
            sentence.plural = sentence.plural or plural
            sentence.files.add(str(path.relative_to(SOURCES)))
    return found


def catalogue_path(app: str, language: str) -> Path:
    return SOURCES / app / "locale" / language / "LC_MESSAGES/django.po"


def read(path: Path) -> dict[Key, Message]:
    """Return a catalogue's messages in their order; obsolete ones are not among them."""
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {(message.context, _first(message.id)): message for message in read_po(file) if message.id}


def _first(text: str | list[str] | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]


def forms(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def compiled(path: Path) -> bytes:
    """Return the bytes that a catalogue compiles to."""
    target = io.BytesIO()
    with path.open("rb") as file:
        write_mo(target, read_po(file))
    return target.getvalue()


def faults() -> list[str]:
    """Return everything that is wrong with the catalogues, a sentence each."""
    found = []
    needed = wanted()
    for language in LANGUAGES:
        said: dict[Key, dict[tuple[str, ...], str]] = defaultdict(dict)
        for app in sorted({*needed, *(path.name for path in SOURCES.iterdir() if (path / "locale").is_dir())}):
            path = catalogue_path(app, language)
            found += [f"{app}/{language}: {fault}" for fault in _faults_of(path, needed.get(app, {}))]
            for key, message in read(path).items():
                said[key].setdefault(forms(message.string), app)
        for (_, text), versions in said.items():
            if len(versions) > 1:
                found.append(f"{language}: {text!r} is translated differently in {' and '.join(versions.values())}; give one a context")
    return found


def _faults_of(path: Path, needed: dict[Key, Sentence]) -> Iterator[str]:
    if not path.exists():
        yield "there is no catalogue"
        return
    held = read(path)
    yield from (f"missing: {key[1]!r}" for key in needed if key not in held)
    yield from (f"no source says: {key[1]!r}" for key in held if key not in needed)
    if "\n#~" in path.read_text("utf-8"):
        yield "obsolete entries are kept at the end"
    for key, message in held.items():
        yield from (f"{fault}: {key[1]!r}" for fault in _faults_in(message, needed.get(key)))
    mo = path.with_suffix(".mo")
    if not mo.exists() or _meaning(mo.read_bytes()) != _meaning(compiled(path)):
        yield "the .mo is not the compiled .po"


def _faults_in(message: Message, sentence: Sentence | None) -> Iterator[str]:
    source, target = forms(message.id), forms(message.string)
    if message.fuzzy:
        yield "fuzzy"
    if not all(target):
        yield "untranslated"
        return
    if sentence and source != forms(sentence.id):
        yield "the plural is not the source's"
    if len(source) != len(target) and len(source) == 1:
        yield "has forms of plural that the source has not"
    known = [set(PLACEHOLDER.findall(text)) for text in source]
    if any(set(PLACEHOLDER.findall(text)) not in (known if place == 0 else known[-1:]) for place, text in enumerate(target)):
        yield "other placeholders"


def _meaning(mo: bytes) -> dict[object, str]:
    return {key: text for key, text in gettext.GNUTranslations(io.BytesIO(mo))._catalog.items() if key}


def update(*apps: str) -> list[str]:
    """Write and compile the catalogues of the apps, or of all; return the sentences that a person must now translate."""
    needed = {app: sentences for app, sentences in wanted().items() if not apps or app in apps}
    empty = []
    for language in LANGUAGES:
        known: dict[Key, Message] = {}
        for path in SOURCES.glob(f"*/locale/{language}/LC_MESSAGES/django.po"):
            known.update({key: message for key, message in read(path).items() if all(forms(message.string))})
        for app, sentences in needed.items():
            path = catalogue_path(app, language)
            own = read(path)
            catalogue = Catalog(locale=language)
            for key in [*(key for key in own if key in sentences), *(key for key in sentences if key not in own)]:
                sentence, message = sentences[key], own.get(key) or known.get(key)
                text = message.string if message and len(forms(message.string)) == (2 if sentence.plural else 1) else ""
                catalogue.add(
                    sentence.id, text or (("", "") if sentence.plural else ""), locations=[(file, 0) for file in sorted(sentence.files)],
                    context=sentence.context, flags=message.flags & {"fuzzy"} if message else (), user_comments=message.user_comments if message else (),
                )
                if text and key not in own:
                    print(f"{path.relative_to(SOURCES)}: {sentence.singular} = {_first(text)}")
                if not all(forms(text)):
                    empty.append(f"{path.relative_to(SOURCES)}: {sentence.singular}")
            _write(path, catalogue, language)
    return empty


def _write(path: Path, catalogue: Catalog, language: str) -> None:
    body = io.BytesIO()
    write_po(body, catalogue, width=0, omit_header=True, include_lineno=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER.format(language=language) + body.getvalue().decode().strip() + "\n", "utf-8")
    path.with_suffix(".mo").write_bytes(compiled(path))


def main() -> int:
    """Run as the arguments ask; return 0 when nothing is left to do."""
    settings.configure(USE_I18N=True)
    lines = faults() if sys.argv[1:] == ["--check"] else update(*sys.argv[1:])
    for line in lines:
        print(line, file=sys.stderr)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
