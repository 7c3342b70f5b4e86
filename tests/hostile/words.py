"""A hostile string in every column that holds words of people, in both databases, and what must never come of it."""

import re
from html.parser import HTMLParser

from django.apps import apps
from django.db import connections
from django.db.models import CharField, F, JSONField, TextField, Value
from django.db.models.functions import Cast, Concat

from klash.core.fields import EncryptedJSON
from tests.guards import unguard, unguard_minutes

# Columns that hold no words: what the software draws, hashes and names by itself.
DRAWN = {
    "core": "*", "files": {"reason", "media_type", "sha256", "clean_sha256", "original", "rebuilt", "facts", "picture", "owner", "chunks", "faults"},
    "accounts": {"password", "language", "business_id", "code", "region_code", "grouping", "languages", "competition", "side", "challenge", "granted_by", "role", "handle", "team"},
    "post": {"event", "language"}, "interests": {"business_id", "salt"}, "teams": {"language", "business_id"},
    "reviewing": {
        "chain", "criteria_hash", "announced_hash", "lot_seed", "match_weights", "code", "terms_hash", "letter", "language", "cleared_hash", "value", "media_type",
        "sha256", "scores", "part", "before_hash", "after_hash", "made_by", "proposed_by", "confirmed_by", "hash", "left", "content", "firmness", "report_hash",
    },
    "competitions": {"currency", "roles", "field", "requested_by", "changed_by", "hash", "code", "entry_code"},
    "problems": {"language", "search", "writer", "state"},
    "proposals": {"settled", "opening", "map", "idempotency_key", "document", "part", "blob", "sha256", "round_code", "draw"},
    "awards": {"report_hash", "points"},
    "challenges": {"hash", "language", "writers", "search"},
}
KEYS = {"code", "entry", "part", "kind", "points", "from", "to", "place", "language", "at", "number"}  # of JSON, whose values are not words
MARK = re.compile(r"qz\d+")
LINKS = {"href", "src", "action", "formaction", "hx-get", "hx-post", "data"}


def hostile(mark):
    """Return a string that breaks out of whatever shows it unescaped: an element, an attribute of either quote, a title, a text area, a script, a comment."""
    return (
        f"{mark}<{mark} on{mark}=1>\" on{mark}=\"1' on{mark}='1</title></textarea></script><script>{mark}()</script><img src=x onerror={mark}()>"
        f"<style>{mark}</style><svg onload={mark}()><!-- [{mark}](javascript:{mark}()) <javascript:{mark}()> ![{mark}](//{mark}.example/x)"
    )


def plant(write=hostile, app=""):
    """Overwrite every word of people, or of those in one app; return mark -> column. write: a mark to what stands there. Call inside what is thrown away."""
    unguard()
    unguard_minutes()
    planted, tables = {}, {using: set(connections[using].introspection.table_names()) for using in connections}
    for model in apps.get_app_config(app).get_models() if app else apps.get_models():
        for column in filter(holds_words, model._meta.concrete_fields):
            mark = f"qz{len(planted)}"
            planted[mark] = f"{model._meta.label}.{column.name}"
            for using in connections:
                if model._meta.db_table in tables[using]:
                    _overwrite(model._base_manager.using(using), column, write(mark))
    return planted


def holds_words(column):
    drawn = DRAWN.get(column.model._meta.app_label, set())
    of_words = isinstance(column, CharField | TextField | JSONField | EncryptedJSON) and not column.choices
    ours = column.model.__module__.startswith("klash.")
    return ours and of_words and drawn != "*" and column.name not in drawn and (not column.unique or column.name == "email")


def _overwrite(rows, column, words):
    if isinstance(column, JSONField | EncryptedJSON):
        for row in rows.all():
            rows.filter(pk=row.pk).update(**{column.name: _reworded(getattr(row, column.name), words)})
    else:  # what must differ from row to row does so
        rows.exclude(**{column.name: ""}).update(**{column.name: Concat(Value(words), Cast(F("pk"), CharField()))})


def _reworded(value, words):
    if isinstance(value, dict):
        return {key: one if key in KEYS else _reworded(one, words) for key, one in value.items()}
    if isinstance(value, list):
        return [_reworded(one, words) for one in value]
    return words if isinstance(value, str) and value else value


class Page(HTMLParser):
    """What a browser would do with a page: its faults, and the marks that it shows."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.faults, self.is_script = [], False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.faults += [f"an element <{tag}>"] if MARK.search(tag) or tag in ("style", "iframe", "object", "embed", "base") else []
        self.faults += [f"an attribute {name} of <{tag}>" for name in given if MARK.search(name) or name.startswith("on") or name == "style"]
        self.faults += [f"a link {name}={value:.40}" for name, value in attrs if name in LINKS and not _leads_well(value or "")]
        self.faults += [f"a picture {given.get('src')}"] if tag == "img" and MARK.search(given.get("src") or "") else []
        self.is_script = tag == "script"
        self.faults += ["a script that is not a file of ours"] if self.is_script and not given.get("src", "").startswith("/static/") else []

    def handle_data(self, data):
        self.faults += ["a script in the page"] if self.is_script and data.strip() else []

    def handle_endtag(self, tag):
        self.is_script = False

    def handle_comment(self, data):
        self.faults += ["a comment"] if MARK.search(data) else []


def _leads_well(link):
    scheme, colon, _ = link.strip().lower().partition(":")
    return not colon or not re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme) or scheme in ("http", "https", "mailto")


STRICT = {"default-src": "'none'", "style-src": "'self'", "base-uri": "'none'", "frame-ancestors": "'none'", "form-action": "'self'"}


def policy_faults(policy):
    """Return what is not strict about a page's policy."""
    rules = {name: sources for name, _, sources in (rule.strip().partition(" ") for rule in policy.split(";"))}
    loose = [f"{name} {rules.get(name)}" for name, sources in STRICT.items() if rules.get(name) != sources]
    script = rules.get("script-src", "")
    return loose + ([] if re.fullmatch(r"'self'( '(nonce-[^']+)?')?", script) else [f"script-src {script}"])
