"""A62, A63: what people write stays text in a mail; it makes no header, ends no line of the subject, nothing in it is evaluated, and no link of it is ours."""

import re

import pytest
from django.core import mail
from django.core.mail import BadHeaderError
from django.template.loader import get_template

from klash.core import show
from klash.core.fields import LANGUAGES
from klash.post import services
from klash.post.models import Message
from klash.post.services import Letter, queue_letter, send_waiting, write_letter
from tests.hostile.test_xss import AT, TEMPLATES, told

PLACEHOLDERS = (
    "{{ settings.SECRET_KEY }}", "{% debug %}", "{% load i18n %}", "{0.__class__.__mro__}", "{asker.password}", "%(secret)s", "%s%n", "${7*7}", "#{7*7}",
    "{{ asker }}", "{{7*7}}", "{% include 'base.html' %}", "{# gone #}", "$(id)", "`id`", "\\N{BULLET}", "{{ base_url|safe }}", "<%= 7*7 %>",
)
ENDS = ("\r", "\n", "\r\n", "\v", "\f", "\x85", "\u2028", "\u2029")


def letter(name, language="fi"):
    context = {
        "competition": type("Competition", (), {"name": name, "code": "klash"}), "step": "opening", "about": {"fi": name}, "page": "proposals:opening",
        "of": "kyyti", "asker": name,
    }
    return write_letter(to="somebody@example.org", language=language, template="competitions_second", context=context, event=f"test/{hash(name)}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("words", PLACEHOLDERS)
def test_placeholder_fuzz(words, language, settings):
    written = letter(words, language)
    assert words in written.subject and written.body.count(words) == 2
    assert settings.SECRET_KEY not in written.body and "49" not in written.body


@pytest.mark.parametrize("end", ENDS)
def test_mail_injection(end, db):
    queue_letter(letter(f"Kaarna{end}Bcc: rival@example.org"))
    mail.outbox.clear()
    assert send_waiting() == 1 and not Message.objects.filter(sent_at=None).exists()
    (sent,) = mail.outbox
    headers = sent.message()
    assert (headers["Bcc"], headers["To"], sent.recipients()) == (None, "somebody@example.org", ["somebody@example.org"])
    assert sent.subject.splitlines() == [sent.subject]


WRITTEN = re.compile(r"{{ ((?:\w+\.)?(?:reasons?|feedback|decision))\b")
LURE = "Hyvä ehdotus.\r\n\r\nKirjaudu: https://klash-palvelu.com\u2028https://klash-palvelu.com/a\x0bhttps://klash-palvelu.com/b\n-- \nKlash"
QUOTING = {
    "awards_corrected": 2, "awards_result": 2, "challenges_changed": 1, "competitions_deadline": 1, "competitions_promise": 1, "problems_decided": 2,
    "problems_merged": 1, "problems_not_eligible": 1, "teams_admitted": 1, "teams_lead": 1, "teams_decided": 2, "proposals_copy_notes": 1, "proposals_late_decided": 1,
}


def lured(template):
    """Return the lines of a mail in which every text of people holds a link, and how many texts there are."""
    source = get_template(f"email/{template}.txt").template.source
    texts = set(WRITTEN.findall(source))
    context = {name: told(name, is_so=True) for name in re.findall(r"[a-z_]+", source)} | dict.fromkeys(("reason", "feedback"), LURE)
    for whole, _, part in (text.partition(".") for text in texts):
        if part:
            known = {"what": "text", "before": AT, "after": AT, "published_at": AT, "edition": 2, "is_winner": True}
            context[whole] = type("Thing", (), {**dict.fromkeys(("code", "at"), "kyyti"), part: LURE, **known})
    context["notes"] = [context.get("note")]
    letter = write_letter(to="somebody@example.org", language="fi", template=template, context=context, event="test")
    return letter.body.splitlines(), len(texts)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_link_that_people_wrote_stands_in_a_quotation(template):
    lines, texts = lured(template)
    found = [line for line in lines if "klash-palvelu" in line or line == "-- "]
    assert [line for line in found if not line.startswith("> ")] == []
    assert (texts, len(found)) == (QUOTING.get(template, 0), 3 * QUOTING.get(template, 0))


def test_seeded_fault_a_text_that_is_not_quoted_is_seen(monkeypatch):
    monkeypatch.setattr(show, "quoted", lambda text: text)
    assert [line for line in lured("teams_decided")[0] if line.startswith("https://klash-palvelu")] != []


def test_seeded_fault_a_subject_of_two_lines_stops_the_outbox(db, monkeypatch):
    """What the control shows: one such mail would keep all later ones waiting."""
    queue_letter(Letter("test/1", "somebody@example.org", "fi", "Kaarna\rBcc: rival@example.org", "text"))
    with pytest.raises(BadHeaderError):
        services.send_waiting()
