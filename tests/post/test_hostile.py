"""A62, A63: a name stays text in a mail; it makes no header, ends no line of the subject, and nothing in it is evaluated."""

import pytest
from django.core import mail
from django.core.mail import BadHeaderError

from klash.core.fields import LANGUAGES
from klash.post import services
from klash.post.models import Message
from klash.post.services import Letter, queue_letter, send_waiting, write_letter

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


def test_seeded_fault_a_subject_of_two_lines_stops_the_outbox(db, monkeypatch):
    """What the control shows: one such mail would keep all later ones waiting."""
    queue_letter(Letter("test/1", "somebody@example.org", "fi", "Kaarna\rBcc: rival@example.org", "text"))
    with pytest.raises(BadHeaderError):
        services.send_waiting()
