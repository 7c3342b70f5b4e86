"""Comments, suggestions and versions of a brief that two write together."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from klash.challenges import selectors, services
from klash.challenges.models import BriefComment, Challenge, Suggestion
from klash.core.errors import Denied, IllegalMove, Refused
from klash.rules.reasons import Reason
from tests.challenges.conftest import BRIEF, approve, url

pytestmark = pytest.mark.django_db(databases="__all__", transaction=False)
INDICATOR = {name: {"fi": f"{name} fi", "sv": f"{name} sv"} for name in ("name", "baseline", "target", "how")}


def suggest(cast, challenge, text="parempi tavoite"):
    return services.suggest_text(actor=cast["pilot_officer"], challenge=challenge, place="goal", language="fi", text=text, why="selkeämpi")


def test_a_thread_is_answered_settled_and_opened_again_by_an_answer(written, cast):
    comment = services.comment_brief(actor=cast["organiser"], challenge=written, place="goal", text="Kenelle?")
    services.resolve_comment(actor=cast["pilot_officer"], comment=comment)
    assert [row.resolved_by for row in selectors.threads_of(written, "goal")] == [cast["pilot_officer"]]
    services.comment_brief(actor=cast["pilot_officer"], challenge=written, place="goal", text="Kaikille.", parent=comment)
    (thread,) = selectors.threads_of(written, "goal")
    assert (thread.resolved_at, [row.text for row in thread.answers.all()]) == (None, ["Kaikille."])


@pytest.mark.parametrize("who", ["officer", "panellist", "mentor", "juror", "outsider"])
def test_others_neither_comment_nor_suggest(written, cast, who):
    for act in (
        lambda: services.comment_brief(actor=cast[who], challenge=written, place="goal", text="x"),
        lambda: services.suggest_text(actor=cast[who], challenge=written, place="goal", language="fi", text="x"),
    ):
        with pytest.raises(Denied):
            act()
    assert (BriefComment.objects.count(), Suggestion.objects.count()) == (0, 0)


def test_an_accepted_suggestion_is_in_the_brief_and_voids_the_approvals(written, cast):
    approve(written, cast)
    suggestion = suggest(cast, written)
    services.accept_suggestion(actor=cast["organiser"], suggestion=suggestion, seen=services.mark_of(BRIEF["goal"]["fi"]), answer="hyvä")
    stored = Challenge.objects.get()
    assert (stored.goal["fi"], stored.approved_sides(), Suggestion.objects.get().answer) == ("parempi tavoite", set(), "hyvä")
    with pytest.raises(IllegalMove):
        services.decline_suggestion(actor=cast["organiser"], suggestion=suggestion, answer="ei")


def test_a_suggestion_does_not_replace_what_its_reader_has_not_seen(written, cast):
    suggestion = suggest(cast, written)
    services.save_brief(actor=cast["organiser"], challenge=written, texts={"goal": {"fi": "aivan toinen", "sv": "x"}})
    with pytest.raises(Refused) as error:
        services.accept_suggestion(actor=cast["organiser"], suggestion=suggestion, seen=services.mark_of(BRIEF["goal"]["fi"]))
    assert (error.value.reason, Challenge.objects.get().goal["fi"], Suggestion.objects.get().state) == (Reason.TEXT_CHANGED, "aivan toinen", "open")


def test_a_suggestion_is_declined_with_a_word(written, cast):
    suggestion = suggest(cast, written)
    with pytest.raises(Refused):
        services.decline_suggestion(actor=cast["organiser"], suggestion=suggestion, answer=" ")
    services.decline_suggestion(actor=cast["organiser"], suggestion=suggestion, answer="liian pitkä")
    assert (Suggestion.objects.get().state, Challenge.objects.get().goal) == ("declined", BRIEF["goal"])


def test_measures_are_added_changed_and_removed_and_a_clash_is_told(written, cast):
    services.save_indicator(actor=cast["organiser"], challenge=written, place=None, indicator=INDICATOR)
    seen = services.mark_of_row(written.indicators[0])
    services.save_indicator(actor=cast["pilot_officer"], challenge=written, place=0, indicator={**INDICATOR, "target": {"fi": "10"}}, seen=seen)
    with pytest.raises(Refused) as error:
        services.remove_indicator(actor=cast["organiser"], challenge=written, place=0, seen=seen)
    assert (error.value.reason, Challenge.objects.get().indicators[0]["target"]) == (Reason.TEXT_CHANGED, {"fi": "10"})
    services.remove_indicator(actor=cast["organiser"], challenge=written, place=0, seen=services.mark_of_row(Challenge.objects.get().indicators[0]))
    assert Challenge.objects.get().indicators == []


def test_two_versions_are_compared_word_by_word(written, cast):
    services.save_brief(actor=cast["pilot_officer"], challenge=written, texts={"goal": {**BRIEF["goal"], "fi": "goal selvällä suomeksi"}})
    services.save_indicator(actor=cast["organiser"], challenge=written, place=None, indicator=INDICATOR)
    first, _second, third = written.versions.order_by("number")
    told = selectors.compared(first.content, third.content)
    assert (told[0].place, told[0].language, told[0].pieces) == ("goal", "fi", (("same", "goal"), ("added", " selvällä"), ("same", " suomeksi")))
    assert {row.place for row in told} == {"goal", "indicators"}


def test_the_pages_show_a_difference_to_eye_and_ear_and_the_decision(written, cast, enter):
    services.name_pilot_officer(actor=cast["organiser"], challenge=written, person=cast["outsider"])
    approve(written, cast)
    client, there = enter(cast["outsider"]), url("talk", "kyyti", "goal")
    assert client.post(there, {"act": "suggest", "of": "fi", "fi-language": "fi", "fi-text": "goal aivan suomeksi", "fi-why": "selkeys"}).status_code == 302
    client = enter(cast["organiser"])
    page = client.get(there).content.decode()
    assert re.search(r"<ins><span class=\"hidden\"> \[lisätty: </span> aivan<span class=\"hidden\">\] </span></ins>", page)
    code, seen = re.search(r'name="suggestion" value="(\w+)"', page)[1], re.search(r'name="seen" value="(\w+)"', page)[1]
    assert client.post(there, {"act": "decide", "suggestion": code, "seen": seen, "decline": "1"}).status_code == 409
    assert client.post(there, {"act": "decide", "suggestion": code, "seen": seen, "answer": "hyvä", "accept": "1"}).status_code == 302
    assert Challenge.objects.get().goal["fi"] == "goal aivan suomeksi"
    assert client.post(there, {"act": "comment", "text": "Lisää vielä luku."}).status_code == 302
    page = client.get(f"{url('versions', 'kyyti')}?from=1&to=2").content.decode()
    assert ("<ins>" in page, "kommentti" in page) == (True, False)


def test_the_public_page_lists_what_changed_and_why(published, cast, client):
    services.begin_change(actor=cast["organiser"], challenge=published, reason="Tavoite oli epäselvä.")
    services.save_brief(actor=cast["organiser"], challenge=published, texts={"goal": {**BRIEF["goal"], "fi": "goal selkeästi suomeksi"}})
    assert "selkeästi" not in client.get(url("challenge", "kyyti")).content.decode()
    assert client.get(url("edition", "kyyti", 2)).status_code == 404
    approve(published, cast)
    services.publish_change(actor=cast["organiser"], challenge=published)
    page = client.get(url("challenge", "kyyti")).content.decode()
    assert ("goal selkeästi suomeksi" in page, "Tavoite oli epäselvä." in page, url("edition", "kyyti", 2) in page) == (True, True, True)
    assert " selkeästi<" in client.get(url("edition", "kyyti", 2)).content.decode()


def test_the_pages_cost_the_same_with_one_and_with_thirty(written, cast, enter):
    def fill(number):
        comment = services.comment_brief(actor=cast["organiser"], challenge=written, place="goal", text=f"Kommentti {number}")
        services.comment_brief(actor=cast["organiser"], challenge=written, place="goal", text="Vastaus", parent=comment)
        suggest(cast, written, f"Ehdotus {number}")
        services.save_brief(actor=cast[("organiser", "pilot_officer")[number % 2]], challenge=written, texts={"lead": {"fi": f"{number}", "sv": "x"}})

    def costs():
        found = []
        for address in (url("brief", "kyyti"), url("talk", "kyyti", "goal"), url("versions", "kyyti"), f"{url('versions', 'kyyti')}?from=1&to=2"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        return found

    client = enter(cast["organiser"])
    fill(0)
    fill(1)
    few = costs()
    for number in range(2, 30):
        fill(number)
    assert (costs(), max(few) <= 12) == (few, True)
