"""Every text that people see is in Finnish and in Swedish, and the catalogues say just what the sources say."""

import ast
import importlib.util
import re
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = ROOT / "src/klash"
# The page of a broken server says its three languages itself: gettext may be what broke.
PAGES = sorted(path for path in SOURCES.rglob("templates/**/*") if path.suffix in {".html", ".txt"} and path.name != "500.html")
# A field of texts tells a programmer what it expected.
MODULES = sorted(path for path in SOURCES.rglob("*.py") if not {"migrations", "management", "replay"} & set(path.parts) and path.name != "fields.py")
# Names of things, file types and the like, which are the same in every language.
SAME_EVERYWHERE = re.compile(r"\b(Klash|PDF|CSV|XLSX|JSON|SHA-256|HTML|SVG|python3|klash_verifier\.py)\b|\.pdf\b|&\w+;")
WORDS_OF_FIELDS = {"label", "help_text", "empty_label", "title", "caption", "verbose_name"}


def _script():
    specification = importlib.util.spec_from_file_location("messages", ROOT / "scripts/messages.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


messages = _script()


def test_the_catalogues_are_whole():
    assert messages.faults() == [], "run scripts/messages.py, then translate what it names"


@pytest.mark.parametrize(("language", "word"), [
    ("fi", r"sormenjäl"), ("sv", r"fingeravtryck"), ("fi", r"\bkone(en)?\b"), ("sv", r"\bmaskinen\b"), ("fi", r"järjestäjän henkilö"),
    ("sv", r"\btid kvar\b"), ("fi", r"\btilaa se\b"), ("sv", r"\bbeställ\b"),
])
def test_a_thing_has_one_word(language, word):
    said = [path.parts[-5] for path in SOURCES.glob(f"*/locale/{language}/LC_MESSAGES/django.po") if re.search(f'^msgstr.*{word}', path.read_text(), re.I | re.M)]
    assert said == []


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A project of two apps in a folder of its own, with whole catalogues."""
    monkeypatch.setattr(messages, "SOURCES", tmp_path)
    for app, page in {
        "teams": '{% load i18n %}<p>{% translate "Team" %}</p>{% blocktranslate count n=3 %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}',
        "awards": '{% load i18n %}{% translate "State" context "of a report" %}{{ reason|default:_("None given") }}',
    }.items():
        (tmp_path / app / "templates").mkdir(parents=True)
        (tmp_path / app / "apps.py").write_text("")
        (tmp_path / app / "templates/page.html").write_text(page)
    (tmp_path / "teams/forms.py").write_text('LABEL = _("Sent by %(name)s")\n')
    mails = tmp_path / "post/templates/email"
    mails.mkdir(parents=True)
    (mails / "awards_result.txt").write_text('{% load i18n %}{% translate "Team" %}')
    messages.update()
    for path in tmp_path.rglob("*.po"):
        text = path.read_text()
        for source, target in {
            "Team": "T", "{{ n }} day": "", "State": "S", "None given": "N", "Sent by %(name)s": "%(name)s S",
        }.items():
            text = text.replace(f'msgid "{source}"\nmsgstr ""', f'msgid "{source}"\nmsgstr "{target}"')
        path.write_text(text.replace('msgstr[0] ""', 'msgstr[0] "%(n)s D"').replace('msgstr[1] ""', 'msgstr[1] "%(n)s DD"'))
    assert messages.update() == []
    return tmp_path


def _change(root, app, old, new):
    path = root / app / "locale/sv/LC_MESSAGES/django.po"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    path.with_suffix(".mo").write_bytes(messages.compiled(path))


def test_texts_come_from_modules_pages_and_mails(small):
    assert {app: set(sentences) for app, sentences in messages.wanted().items()} == {
        "teams": {(None, "Sent by %(name)s"), (None, "Team"), (None, "%(n)s day")},
        "awards": {("of a report", "State"), (None, "None given"), (None, "Team")},
    }
    assert messages.faults() == []


@pytest.mark.parametrize(("app", "old", "new", "fault"), [
    ("awards", 'msgstr "N"', 'msgstr ""', "awards/sv: untranslated: 'None given'"),
    ("awards", 'msgid "None given"', '#, fuzzy\nmsgid "None given"', "awards/sv: fuzzy: 'None given'"),
    ("awards", 'msgid "None given"\nmsgstr "N"\n', "", "awards/sv: missing: 'None given'"),
    ("awards", 'msgid "None given"', 'msgid "Gone"\nmsgstr "G"\n\nmsgid "None given"', "awards/sv: no source says: 'Gone'"),
    ("awards", 'msgid "None given"\nmsgstr "N"\n', 'msgid "None given"\nmsgstr "N"\n\n#~ msgid "Old"\n#~ msgstr "O"\n', "awards/sv: obsolete entries are kept at the end"),
    ("teams", "%(name)s S", "S", "teams/sv: other placeholders: 'Sent by %(name)s'"),
    ("teams", "%(n)s DD", "%(m)s DD", "teams/sv: other placeholders: '%(n)s day'"),
    ("awards", 'msgstr "T"', 'msgstr "TT"', "sv: 'Team' is translated differently in awards and teams; give one a context"),
])
def test_a_fault_of_a_catalogue_is_found(small, app, old, new, fault):
    _change(small, app, old, new)
    assert messages.faults() == [fault]


def test_a_stale_compilation_is_found(small):
    path = small / "teams/locale/fi/LC_MESSAGES/django.po"
    path.write_text(path.read_text().replace('"%(n)s D"', '"%(n)s E"'))
    assert messages.faults() == ["teams/fi: the .mo is not the compiled .po"]


def test_updating_keeps_what_is_translated_and_takes_what_another_catalogue_knows(small):
    before = {path: path.read_bytes() for path in small.rglob("*.?o")}
    assert messages.update() == []
    assert {path: path.read_bytes() for path in small.rglob("*.?o")} == before
    (small / "awards/forms.py").write_text('LABEL = _("Sent by %(name)s")\n')
    assert messages.update("awards") == []
    assert messages.read(small / "awards/locale/fi/LC_MESSAGES/django.po")[(None, "Sent by %(name)s")].string == "%(name)s S"


def _said(language):
    return [text for path in sorted(SOURCES.glob(f"*/locale/{language}/LC_MESSAGES/django.po")) for message in messages.read(path).values()
            for text in messages.forms(message.string)]


@pytest.mark.parametrize("language", ["fi", "sv"])
@pytest.mark.parametrize("ill", [
    r"!$|!\s", r"(?<!=)[\"“](?!>)", r"'", r" - ", r"\.\.\.", r"—", r"  ", r"\d \d{3}\b", r"\d (%|€|Mt|MB)", r"%\(\w+\)s[a-zåäö]",
], ids=["exclamation", "quotation mark", "apostrophe", "hyphen for dash", "dots", "em dash", "two spaces", "thousands", "unit", "inflected name"])
def test_the_texts_are_set_as_the_language_sets_them(language, ill):
    assert [text for text in _said(language) if re.search(ill, text) and text != "Obs!"] == []


@pytest.mark.parametrize(("language", "other"), [
    ("fi", r"\bkarsin(ta|nan)"), ("fi", r"\bjättäjä"), ("fi", r"\bpaino(t|n|sta|illa|ista)?\b"), ("fi", r"\barvan\b|\barpa\b"), ("fi", r"raportti"),
    ("fi", r"jääviy"), ("fi", r"kierroksessa\b"), ("fi", r"arviointia? (jaettiin|peruttiin)"),
    ("sv", r"\brunda|(?<!g)runda\b"), ("sv", r"gallring"), ("sv", r"\bviktad"), ("sv", r"medeltal"), ("sv", r"\blottens\b"), ("sv", r"\bbedömare.* objekt"),
    ("sv", r"inlämnare"), ("sv", r"\b(drog|dragit) sig undan"), ("sv", r"arbetsbord"),
])
def test_a_thing_is_called_by_one_word(language, other):
    """Each of these has another word in the glossary, or on every other page."""
    assert [text for text in _said(language) if re.search(other, text, re.IGNORECASE)] == []


def bare(text):
    """Return what a page says outside gettext: letters between tags and in the attributes that are read aloud."""
    depth, kept = 0, []
    for token in Lexer(text).tokenize():
        word = token.contents.split()[0] if token.token_type == TokenType.BLOCK and token.contents else ""
        depth += (word in {"comment", "blocktranslate", "blocktrans"}) - (word in {"endcomment", "endblocktranslate", "endblocktrans"})
        kept.append(token.contents if token.token_type == TokenType.TEXT and not depth else "\N{OBJECT REPLACEMENT CHARACTER}")
    page = re.sub(r"<(script|style)\b.*?</\1>|<!--.*?-->", "", "".join(kept), flags=re.DOTALL)
    said = re.findall(r'\b(?:title|alt|aria-label|placeholder|data-label)="([^"]*)"', page) + re.split(r"<[^>]*>", page)
    return [part.strip() for part in said if re.search(r"[^\W\d_]{2,}", SAME_EVERYWHERE.sub("", part))]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(SOURCES)))
def test_no_page_or_mail_speaks_past_gettext(path):
    assert bare(path.read_text("utf-8")) == []


def test_bare_words_are_found():
    page = '<p title="Here">{% translate "Fine" %} {{ n }}</p>{% blocktranslate %}Fine{% endblocktranslate %}<b>Klash</b><i>Not so</i>{# no #}'
    assert bare(page) == ["Here", "Not so"]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCES)))
def test_no_module_labels_a_thing_past_gettext(path):
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.keyword) and node.arg in WORDS_OF_FIELDS and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            found += [f"{node.arg}={node.value.value!r}"] if re.search(r"\w", node.value.value) else []
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "ValidationError":
            found += [repr(argument.value) for argument in node.args if isinstance(argument, ast.Constant)]
    assert found == []
