"""A54: whatever people write into any field stays text on every page, in every mail and in every export that shows it."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core import mail
from django.template import base, defaulttags
from django.template.loader import get_template

from klash.core import show
from klash.post import services as post
from tests.blind.canaries import objects
from tests.blind.crawl import addresses, crawl, get
from tests.hostile.words import MARK, Page, hostile, plant, policy_faults
from tests.staged import CODE, staged  # noqa: F401

STATES = {
    "problem_selection+": ("officer", "panellist"), "team_selection+": ("leader", "team_panellist"), "proposals+": ("leader", "organiser"),
    "judging+": ("juror", "registrar"), "end": ("nobody", "organiser", "mentor", "leader", "chair"),
}


def look_round(state, cast):
    """Plant in this state; return the faults of all that the cast finds and the columns that somebody saw."""
    clients = {who: state.client(who) for who in cast}
    planted = plant()
    faults, seen = set(), set()
    for who, client in clients.items():
        replies = list(crawl(client, ["/", "/tasks/", "/review/", *addresses(objects(CODE, state.things))]).values())
        replies += [get(client, f"{path}?{name}={quote(hostile('qz0'))}") for path, name in asked(replies)]
        faults |= {f"{who} {row.where}: {fault}" for row in replies for fault in faults_of(row)}
        seen |= {planted[mark] for row in replies for mark in MARK.findall(row.body.decode("utf-8", "ignore")) if mark in planted}
    return sorted(faults), seen


def asked(replies):
    """Return each page with a form that asks by its address, and the names of what the form asks."""
    found = set()
    for row in replies:
        for form in re.findall(r'<form[^>]*method="get".*?</form>', row.body.decode("utf-8", "ignore"), re.DOTALL):
            found |= {(row.where.partition("?")[0], name) for name in re.findall(r'name="([\w.]+)"', form)}
    return sorted(found)


def faults_of(reply):
    """Return what a browser would do with an answer that it must not."""
    media, text = reply.header("Content-Type").partition(";")[0], reply.body.decode("utf-8", "ignore")
    if media == "text/html":
        return Page(text).faults + policy_faults(reply.header("Content-Security-Policy"))
    if reply.header("X-Content-Type-Options") != "nosniff" and reply.body:
        return ["a browser may take it for a page"]
    if media == "application/json":
        json.loads(text)
    elif media.endswith("xml"):
        return [f"an element {one.tag}" for one in ElementTree.fromstring(text).iter() if MARK.search(one.tag)]  # noqa: S314
    return []


@pytest.mark.parametrize("name", STATES)
def test_xss_corpus(staged, name):  # noqa: F811
    with staged.at(name) as state:
        faults, seen = look_round(state, STATES[name])
    assert not faults, "\n".join(faults)
    if name == "end":
        assert len(seen) >= 60  # of the columns; others have no row yet at the end of a rehearsal, or are read at an earlier stage


def prose_as_written(patch):
    patch.setattr(show, "prose", lambda text: text)


def nothing_escaped(patch):
    patch.setattr(base, "render_value_in_context", lambda value, context: str(value))


def loose_policy(patch):
    patch.setitem(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"], "script-src", ["'self'", "'unsafe-inline'"])


@pytest.mark.parametrize("fault", [prose_as_written, nothing_escaped, loose_policy], ids=lambda fault: fault.__name__)
def test_seeded_faults(staged, monkeypatch, fault):  # noqa: F811
    with staged.at("problem_selection+") as state:
        assert look_round(state, ("nobody",))[0] == []
    fault(monkeypatch)
    with staged.at("problem_selection+") as state:
        assert look_round(state, ("nobody",))[0] != []


# Mails, which are of plain text alone


class Anything(str):
    """Stands for whatever a mail tells: every part of it and every one of a list is the same hostile string."""

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return told(name, is_so=True)

    def __iter__(self):
        return iter((self,))

    title = property(lambda self: self)


WORD = hostile("qz0")
AT = datetime(2027, 5, 4, 12, tzinfo=UTC)
CODES = {"code": "kyyti", "receipt": "a" * 32, "token": "a" * 32, "page": "proposals:opening", "of": "kyyti"}
TABLES = {"written": [(WORD, 3)], "too_long": [(WORD, 3, 2)], "before": AT, "after": AT, "until": AT, "at": AT, "hours": 48, "count": 2, "left": 2, "files": 2, "members": 2, "uses_max": 2, "edition": 2}
TEMPLATES = sorted(path.stem for path in (Path(post.__file__).parent / "templates/email").glob("*.txt"))


def told(name, *, is_so):
    """Return what stands in a template under a name."""
    if name.startswith("is_"):
        return is_so
    return AT if name.endswith(("_at", "_by")) else CODES.get(name) or TABLES.get(name) or Anything(WORD)


@pytest.mark.parametrize("is_so", [True, False])
@pytest.mark.parametrize("template", TEMPLATES)
def test_words_of_people_stand_in_a_mail_as_they_were_written(template, is_so, db):
    source = get_template(f"email/{template}.txt").template.source
    context = {name: told(name, is_so=is_so) for name in re.findall(r"[a-z_]+", source)}
    letter = post.write_letter(to="a@example.org", language="fi", template=template, context=context, event="test")
    assert not re.search("&(lt|gt|amp|quot|#)", f"{letter.subject}{letter.body}")
    assert WORD[:20] in f"{letter.subject}{letter.body}" or template.startswith("accounts_")
    post.queue_letter(letter)
    mail.outbox.clear()
    post.send_waiting()
    message = mail.outbox[0].message()
    assert (message.get_content_type(), message.is_multipart()) == ("text/plain", False)


def test_seeded_fault_an_escaped_mail_is_seen(monkeypatch):
    monkeypatch.setattr(defaulttags.AutoEscapeControlNode, "render", lambda node, context: node.nodelist.render(context))
    context = {"team": WORD, "inviter": WORD, "competition": WORD, "challenge": WORD, "token": "a", "until": AT}
    letter = post.write_letter(to="a@example.org", language="fi", template="teams_invitation", context=context, event="test")
    assert "&lt;" in letter.body
