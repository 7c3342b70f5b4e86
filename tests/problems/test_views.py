"""The pages through the client: what each person sees and what a form gives back."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from klash.challenges.models import Challenge
from klash.competitions import services as competitions
from klash.competitions.models import Ruling, RulingLine, StageKind
from klash.core import clock, paging
from klash.post.models import Message
from klash.problems import bridge, forms, selectors, services
from klash.problems.models import Problem
from klash.rules.states import ChallengeState, ProblemState
from tests.problems.conftest import TEXTS, decide_all, make_draft, make_submitted, release

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def go(client, world):
    """go(name, problem=, person=, **data): the answer of a page; data makes it a POST."""

    def answer(name, problem=None, person=None, page_in="fi", method=None, **data):
        if person is not None:
            client.force_login(person)
        with translation.override(page_in):
            address = reverse(f"problems:{name}", args=["klash-test", *([problem.code] if problem else [])])
        return client.post(address, data) if data or method == "post" else client.get(address)

    return answer


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def form_of(problem, **changes):
    theme = str(problem.theme_id or "")
    return {**{name: problem.answer(name) for name in TEXTS}, "theme": theme, "revision": str(problem.revision), "writer": "w" * 32, **changes}


def test_what_is_too_long_is_kept_as_pasted_and_the_limit_is_said(world, cast, at, go):
    with at(StageKind.PROBLEM_CALL):
        problem = make_draft(world, cast["officer"])
        assert "maxlength" not in text_of(go("write", problem, person=cast["officer"]))
        answer = go("write", problem, person=cast["officer"], **form_of(problem, situation="a" * 9000))
    assert answer.context["form"].errors == {"situation": ["Tekstissä saa olla enintään 5000 merkkiä, mutta siinä on 9000. Lyhennä tekstiä."]}
    assert "a" * 9000 in text_of(answer)


def test_an_officer_goes_from_start_to_receipt(world, cast, at, go, client):
    with at(StageKind.PROBLEM_CALL):
        assert go("start", person=cast["outsider"]).status_code == 200
        assert go("start", municipality="", language="sv").context["form"].errors == {"municipality": ["Valitse kunta."]}
        go("start", municipality="149", language="sv")
        problem = Problem.objects.get()
        assert (problem.municipality.name_fi, problem.language) == ("Inkoo", "sv")
        assert "Tallennettua luonnosta ei ole jätetty." not in text_of(go("write", problem))
        typed = {**TEXTS, "theme": str(world.themes["public_transport"].pk), "group": ["092", "165"], "revision": "0", "writer": "", "summary": "Kort."}
        answer = go("write", problem, **typed)
        assert answer.status_code == 302 and "/write/" in answer.url
        assert "Tallennettua luonnosta ei ole jätetty." in text_of(go("write", problem))
        assert go("write", problem, **{**typed, "revision": "1", "next": "summary"}).url.endswith("/summary/")
        assert go("summary", problem, method="post").url.endswith(f"/problems/{problem.code}/receipt/")
        problem.refresh_from_db()
        assert problem.state == ProblemState.SUBMITTED
        assert sorted(one.name_fi for one in problem.group.all()) == ["Janakkala", "Vantaa"]
        receipt = text_of(go("receipt", problem))
    assert problem.code in receipt and services.fingerprint(problem) in receipt and "data-print" in receipt


def test_saving_is_said_not_to_be_submitting(cast, at, go, draft):
    with at(StageKind.PROBLEM_CALL):
        shown = text_of(go("write", draft, person=cast["officer"], page_in="en"))
        saved = text_of(go("save", draft, page_in="en", **form_of(draft, title="Uusi")))
    assert "The problem has not been submitted yet." in shown and "A saved draft is not submitted." in shown
    assert "Draft saved" in saved and "The problem has not been submitted yet." in saved and 'name="revision" value="2"' in saved
    assert "hx-swap-oob" in saved and "<h1" not in saved
    assert Problem.objects.get().state == ProblemState.DRAFT


def test_autosave_after_another_page_saved_says_so_and_changes_nothing(cast, at, go, draft):
    with at(StageKind.PROBLEM_CALL):
        go("save", draft, person=cast["officer"], **form_of(draft, title="Toinen sivu", writer="b" * 32))
        answer = go("save", draft, page_in="en", **form_of(draft, title="Tämä sivu"))
        told = text_of(answer)
    assert answer.status_code == 422
    assert "Not saved." in told and "Another page saved" in told and "hx-swap-oob" not in told
    assert Problem.objects.get().title == "Toinen sivu"


def test_autosave_after_the_session_ended_says_so(at, go, draft):
    with at(StageKind.PROBLEM_CALL):
        answer = go("save", draft, page_in="en", **form_of(draft, goal="Muutos"))
    assert answer.status_code == 422 and "You are not signed in." in text_of(answer) and "<h1" not in text_of(answer)
    assert Problem.objects.get().answer("goal") == TEXTS["goal"]


def test_a_clash_shows_both_texts_and_the_next_saving_goes_through(cast, at, go, draft):
    with at(StageKind.PROBLEM_CALL):
        go("save", draft, person=cast["officer"], **form_of(draft, title="Toinen sivu", writer="b" * 32))
        clash = go("write", draft, **form_of(draft, title="Tämä sivu"))
        page = text_of(clash)
        assert clash.status_code == 409 and "Toinen sivu" in page and 'value="Tämä sivu"' in page
        revision = re.search(r'name="revision" value="(\d+)"', page).group(1)
        go("write", draft, **form_of(draft, title="Yhdistetty", revision=revision))
    assert Problem.objects.get().title == "Yhdistetty"


def post_without_revision(cast, go, draft):
    go("save", draft, person=cast["officer"], **form_of(draft, title="Toinen sivu", writer="b" * 32))
    sent = form_of(draft, title="Tämä sivu")
    del sent["revision"]
    return go("write", draft, **sent)


def test_a_form_that_does_not_say_what_was_read_is_a_clash(cast, at, go, draft):
    with at(StageKind.PROBLEM_CALL):
        clash = post_without_revision(cast, go, draft)
    page = text_of(clash)
    assert clash.status_code == 409 and "Toinen sivu" in page and 'value="Tämä sivu"' in page
    assert f'name="revision" value="{Problem.objects.get().revision}"' in page
    assert Problem.objects.get().title == "Toinen sivu"


def test_without_the_revision_the_other_text_would_be_lost(cast, at, go, draft, monkeypatch):
    """The seeded fault of the test above: a form that says nothing is compared with nothing."""
    monkeypatch.setattr(forms.writing, "revision_seen", lambda text: None)
    with at(StageKind.PROBLEM_CALL):
        assert post_without_revision(cast, go, draft).status_code == 302
    assert Problem.objects.get().title == "Tämä sivu"


def test_a_fault_keeps_what_was_typed(cast, at, go, draft):
    with at(StageKind.PROBLEM_CALL):
        page = text_of(go("write", draft, person=cast["officer"], **form_of(draft, title="x" * 151, goal="Kirjoitettu tavoite")))
    assert "Kirjoitettu tavoite" in page and 'href="#id_title"' in page and 'aria-invalid="true"' in page
    assert Problem.objects.get().answer("goal") == TEXTS["goal"]


def test_saving_a_moment_too_late_loses_nothing(world, cast, go, draft):
    with clock.at(world.stages[StageKind.PROBLEM_CALL].closes_at + timedelta(milliseconds=1)):
        answer = go("write", draft, person=cast["officer"], page_in="en", **form_of(draft, goal="Viime hetken tavoite"))
        told = text_of(go("save", draft, page_in="en", **form_of(draft, goal="Viime hetken tavoite")))
    assert answer.status_code == 403
    assert "Viime hetken tavoite" in text_of(answer) and "The deadline has passed." in text_of(answer) and "The deadline has passed." in told
    assert Problem.objects.get().answer("goal") == TEXTS["goal"]


def test_submitting_too_late_is_told_and_the_draft_stays(world, cast, at, go, draft):
    with at(StageKind.PROBLEM_SELECTION):
        answer = go("summary", draft, person=cast["officer"], page_in="en", method="post")
        page = text_of(go("problem", draft, page_in="en"))
    assert answer.status_code == 403 and "The deadline has passed." in text_of(answer)
    assert "was not submitted before the deadline" in page


def test_an_incomplete_draft_cannot_be_submitted_and_the_page_says_what_is_missing(cast, at, go, draft):
    with at(StageKind.PROBLEM_CALL):
        go("write", draft, person=cast["officer"], **form_of(draft, goal="", theme=""))
        page = text_of(go("summary", draft, page_in="en"))
        answer = go("summary", draft, method="post")
    assert "Still missing" in page and "How one sees that it is solved" in page and "Submit the problem" not in page
    assert answer.status_code == 403
    assert Problem.objects.get().state == ProblemState.DRAFT


def test_withdrawing_has_a_page_of_its_own_that_tells_the_consequences(cast, at, go, submitted):
    with at(StageKind.PROBLEM_CALL):
        page = text_of(go("withdraw", submitted[0], person=cast["officer"], page_in="en"))
        assert Problem.objects.get(pk=submitted[0].pk).state == ProblemState.SUBMITTED
        go("withdraw", submitted[0], method="post")
        receipt = text_of(go("receipt", submitted[0], page_in="en"))
    assert "disappears from the public list" in page
    assert Problem.objects.get(pk=submitted[0].pk).state == ProblemState.WITHDRAWN
    assert "withdrawn" in receipt and "Fingerprint" not in receipt


@pytest.mark.parametrize("name", [None, "outsider", "organiser", "panellist"])
def test_another_persons_draft_is_not_found(cast, at, go, draft, client, name):
    if name:
        client.force_login(cast[name])
    with at(StageKind.PROBLEM_CALL):
        assert go("problem", draft).status_code == 404
        for page in ("write", "summary", "receipt", "withdraw"):
            assert go(page, draft).status_code == (404 if name else 302), page
        assert go("save", draft, **form_of(draft)).status_code == (404 if name else 422)
        if name:
            assert go("write", draft, **form_of(draft)).status_code == 404


def test_an_own_draft_is_shown_to_its_officer_alone(cast, at, go, draft, client):
    with at(StageKind.PROBLEM_CALL):
        client.force_login(cast["outsider"])
        assert draft.title not in text_of(go("list"))
        client.force_login(cast["officer"])
        assert draft.title in text_of(go("list"))
        assert "draft, not submitted" in text_of(go("problem", draft, page_in="en"))


def test_a_draft_of_a_draft_competition_is_not_found(world, cast, at, go, submitted):
    type(world.competition).objects.update(state="draft")
    assert go("problem", submitted[0]).status_code == 404
    assert go("list").status_code == 404


def test_a_problems_page_shows_feedback_only_after_the_release(world, cast, at, go, judged, client):
    with at(StageKind.PROBLEM_SELECTION):
        decide_all(world, cast["organiser"], judged, 1)
        before = text_of(go("problem", judged[0])) + text_of(go("list")) + client.get("/c/klash-test/problems/export.csv").getvalue().decode()
        release(world, cast["organiser"])
        after = text_of(go("problem", judged[0]))
    assert "Palaute:" not in before and "Syy:" not in before and "Palaute:" in after and "Syy:" in after


def test_a_problems_page_tells_what_later_stages_say_came_of_it(world, cast, at, go, submitted, monkeypatch):
    monkeypatch.setattr(selectors.single, "_tellers", [lambda problem: [selectors.Outcome({"fi": "Haaste: Kyyti kaikille"}, "/c/klash-test/challenges/x/")]])
    page = text_of(go("problem", submitted[0]))
    assert '<a href="/c/klash-test/challenges/x/">Haaste: Kyyti kaikille</a>' in page and "Inkoo" in page


@pytest.mark.parametrize("state", [ChallengeState.DRAFT, ChallengeState.PUBLISHED])
def test_a_chosen_problem_links_to_its_published_challenge(world, go, judged, state):
    Challenge.objects.create(
        code="kyyti", competition=world.competition, number=1, problem=judged[0], pilot_municipality=judged[0].municipality, title={"fi": "Kyyti kaikille"},
        state=state,
    )
    assert ('/c/klash-test/challenges/kyyti/">Kyyti kaikille</a>' in text_of(go("problem", judged[0]))) is (state == ChallengeState.PUBLISHED)


def test_what_a_person_wrote_is_shown_as_text(world, cast, at, go):
    with at(StageKind.PROBLEM_CALL):
        problem = make_submitted(world, cast["officer"], title="<script>x</script>", situation="<img src=x onerror=y> **lihava**")
    page = text_of(go("problem", problem))
    assert "<script>x" not in page and "onerror=y>" not in page.replace("&gt;", "") and "<strong>lihava</strong>" in page


def test_an_invented_problem_says_so(world, cast, at, go, submitted):
    assert "invented" not in text_of(go("problem", submitted[0]))
    Problem.objects.update(is_invented=True)
    assert "tag invented" in text_of(go("problem", submitted[0])) and "tag invented" in text_of(go("list"))


def typed(problems, taken, **more):
    """What the form sends: the first ones are taken, the rest declined, each with its reason."""
    rows = [(problem.code, "yes" if place < taken else "no") for place, problem in enumerate(problems)]
    return {**{f"taken-{code}": word for code, word in rows}, **{f"reason-{code}": f"Syy {code}" for code, _ in rows}, **revisions(problems), **more}


def revisions(problems):
    """What the form carries of each entry: how often it was saved."""
    lines = dict(RulingLine.objects.values_list("entry_code", "revision"))
    return {f"revision-{problem.code}": lines.get(problem.entry_code, 0) for problem in problems}


def test_what_is_typed_on_a_later_page_of_the_decisions_is_saved_there(world, cast, at, go, judged, client, monkeypatch):
    monkeypatch.setattr(paging, "FORM_PAGE", 2)
    client.force_login(cast["organiser"])
    with at(StageKind.PROBLEM_SELECTION):
        address = reverse("problems:choose", args=["klash-test"]) + "?page=2"
        page = text_of(client.get(address))
        assert f'hx-post="{address}"' in page and f"reason-{judged[2].code}" in page and f"reason-{judged[0].code}" not in page
        sent = {"one": judged[2].code, f"reason-{judged[2].code}": "Syy.", **revisions(judged)}
        answers = [client.post(where, sent, headers={"HX-Request": "true"}) for where in (address.partition("?")[0], address)]
    assert ([answer.status_code for answer in answers], RulingLine.objects.get().reason) == ([404, 200], "Syy.")


def test_the_organiser_decides_looks_at_the_mails_and_releases(world, cast, at, go, judged):
    with at(StageKind.PROBLEM_SELECTION):
        page = text_of(go("choose", person=cast["organiser"], page_in="en"))
        assert "Going on: 0 of 3." in page and "8.50 points" in page and "8.0–9.0" in page and "Perustelu 1" in page and page.count("<textarea") == 7
        assert go("choose", **typed(judged, 1, preview="1")).url.endswith("/choose/release/")
        missing = text_of(go("release", page_in="en"))
        assert "the reason why fewer go on than was promised" in missing and 'name="seen"' not in missing
        warned = text_of(go("choose", page_in="en"))
        assert "Only 1 of the promised 3 go on." in warned
        go("choose", fewer_reason="Muut eivät yltäneet.")
        preview = text_of(go("release", page_in="en"))
        assert preview.count('<pre class="letter"') == 3 and all(f"Syy {row.code}" in preview and row.officer.email in preview for row in judged)
        assert Problem.objects.filter(state=ProblemState.SUBMITTED).count() == 3
        assert go("release", seen="stale").status_code == 409
        assert go("release", seen=re.search(r'name="seen" value="(\w+)"', preview)[1]).url.endswith("/problems/choose/")
        done = text_of(go("choose", page_in="en"))
    assert Problem.objects.get(state=ProblemState.CHOSEN).pk == judged[0].pk
    assert "Everyone has the reason and the feedback." in done and "<textarea" not in done and "Muut eivät yltäneet." in done


def test_choosing_waits_for_the_panel(world, cast, at, go, submitted):
    with at(StageKind.PROBLEM_SELECTION):
        page = text_of(go("choose", person=cast["organiser"], page_in="en"))
        assert "has not been opened yet" in page and "<textarea" not in page
        assert go("release").status_code == 302
        assert go("choose", **{f"taken-{submitted[0].code}": "yes"}).status_code == 200
    assert not RulingLine.objects.exists()


def test_a_registrar_may_look_and_give_feedback_but_not_choose(world, cast, at, go, judged):
    with at(StageKind.PROBLEM_SELECTION):
        assert go("choose", person=cast["registrar"]).status_code == 200
        assert go("choose", **typed(judged, 1)).status_code == 404
        assert go("choose", **{f"feedback-{judged[0].code}": "Palaute.", **revisions(judged)}).status_code == 302
    assert [(row.is_taken, row.feedback) for row in RulingLine.objects.all()] == [(None, "Palaute.")]


@pytest.mark.parametrize("name", ["officer", "panellist", "outsider"])
def test_the_staffs_pages_are_not_found_for_others(cast, at, go, judged, name):
    with at(StageKind.PROBLEM_SELECTION):
        for page in ("choose", "release"):
            assert go(page, person=cast[name]).status_code == 404
            assert go(page, method="post").status_code == 404


def leaks(world, cast, judged, client):
    """A canary in every pending text: return who finds one, or a state that only the release may tell, on which page or in which mail."""
    decide_all(world, cast["organiser"], judged, 1)
    RulingLine.objects.update(reason="KANARIA-SYY", feedback="KANARIA-PALAUTE")
    Ruling.objects.update(fewer_reason="KANARIA-VAJAUS")
    found = []
    for person in (None, judged[0].officer, cast["panellist"], cast["outsider"], cast["juror"]):
        client.logout()
        if person:
            client.force_login(person)
        addresses = ["/c/klash-test/", "/tasks/", "/review/"]
        addresses += [reverse(f"problems:{name}", args=["klash-test"]) for name in ("list", "map", "choose", "release")]
        addresses.append(reverse("problems:export", args=["klash-test", "csv"]))
        addresses += [reverse(f"problems:{name}", args=["klash-test", problem.code]) for problem in judged for name in ("problem", "receipt")]
        shown = {address: client.get(address).getvalue().decode() for address in addresses}
        found += [(str(person), address) for address, page in shown.items() if "KANARIA" in page or "valittu haasteeksi" in page or "ei valittu" in page]
    found += [("mail", row.event) for row in Message.objects.all() if "KANARIA" in row.body]
    return found


def test_nothing_pending_leaves_the_desk(world, cast, at, judged, client):
    with at(StageKind.PROBLEM_SELECTION):
        assert leaks(world, cast, judged, client) == []
    assert set(Problem.objects.values_list("state", "reason", "feedback")) == {("submitted", "", "")}


def test_a_decision_that_is_not_kept_pending_is_found(world, cast, at, judged, client, monkeypatch):
    """The seeded fault of the test above: what is saved goes straight to the problem."""
    save = competitions.save_decision

    def straight(*, entry_code, is_taken, **more):
        Problem.objects.filter(entry_code=entry_code).update(state="chosen" if is_taken else "not_chosen")
        return save(entry_code=entry_code, is_taken=is_taken, **more)

    with at(StageKind.PROBLEM_SELECTION):
        monkeypatch.setattr(competitions, "save_decision", straight)
        assert {who for who, _ in leaks(world, cast, judged, client)} >= {"None", str(judged[0].officer)}


def test_reporting_needs_signing_in_and_time(cast, at, go, client):
    with at(StageKind.PROBLEM_CALL):
        assert "next=" in go("start").url
    with at(StageKind.PROBLEM_SELECTION):
        late = go("start", person=cast["officer"], page_in="en")
    assert late.status_code == 403 and "The deadline has passed." in text_of(late)


def test_a_juror_is_told_why_reporting_is_refused(cast, at, go):
    with at(StageKind.PROBLEM_CALL):
        page = text_of(go("start", person=cast["juror"], page_in="en", municipality="149"))
    assert "What language" not in page and not Problem.objects.exists()


PAGES = ["list", "map", "problem", "start", "write", "summary", "receipt", "withdraw"]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_page_opens_in_every_language(world, cast, at, go, judged, language, client, django_assert_max_num_queries):
    with at(StageKind.PROBLEM_CALL):
        draft = make_draft(world, cast["officer"], title="Luonnos")
        sent = make_submitted(world, cast["officer"], title="Jätetty")
        own = {"write": draft, "summary": draft, "problem": sent, "receipt": sent, "withdraw": sent}
        client.force_login(cast["officer"])
        bridge.nearest(draft)  # what a draft is compared with is made once a process
        for name in PAGES:
            with django_assert_max_num_queries(12):
                answer = go(name, own.get(name), page_in=language)
            assert answer.status_code == 200, name
            assert f'<html lang="{language}"' in answer.content.decode() and answer.content.decode().count("<h1") == 1
    with at(StageKind.PROBLEM_SELECTION):
        decide_all(world, cast["organiser"], judged, 1)
        client.force_login(cast["organiser"])
        go("list")
        for name, problem in [("choose", None), ("release", None)]:
            with django_assert_max_num_queries(12):
                answer = go(name, problem, page_in=language)
            assert answer.status_code == 200 and answer.content.decode().count("<h1") == 1, name
