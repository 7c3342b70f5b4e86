"""The forms of the stages: made question by question; whatever changes while they are answered, no answer is lost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from klash.competitions import selectors, services
from klash.competitions.answers import in_words, kept, told
from klash.competitions.forms import QuestionForm
from klash.competitions.models import Competition, FormSection, Question, StageForm, StageKind
from klash.competitions.usual_forms import CODES, USUAL
from klash.core import audit, clock
from klash.core.errors import Denied, Refused
from klash.core.models import AuditEvent
from klash.rules.questions import Kind, fits
from klash.rules.reasons import Reason
from tests.competitions.conftest import START, add_stage
from tests.hostile.words import hostile

pytestmark = pytest.mark.django_db(databases="__all__")
RISKS = {"heading": {"fi": "Riskit", "sv": "Risker", "en": "Risks"}, "hard_words": 200, "is_required": False}
YES_NO = {"heading": {"fi": "Pilotti?", "sv": "Pilot?", "en": "Pilot"}, "kind": "yes_no"}
POSTED = {
    "kind": "text", "heading_fi": "Riskit", "heading_sv": "Risker", "heading_en": "Risks", "help_fi": "Mikä voi epäonnistua?", "soft_words": "100",
    "hard_words": "200", "need": "optional", "carries": "motivation", "is_for_reviewers": "on", "currency": "EUR",
}


def path(name, *args, stage="proposals"):
    return reverse(f"competitions:{name}", args=["klash-uusi", stage, *args])


def codes(competition, stage="proposals"):
    return [row.code for row in Competition.objects.get(pk=competition.pk).form(stage).asked]


@pytest.fixture
def act(draft, people):
    return {"actor": people["organiser"], "competition": draft, "stage": "proposals"}


@pytest.fixture
def organiser(client, draft, people):
    client.force_login(people["organiser"])
    return client


@pytest.fixture
def answered(monkeypatch):
    """What somebody has answered: code -> how many."""
    found = {}

    def count(*, sender, form, **kwargs):
        return found

    selectors.counting_answers.connect(count, weak=False)
    yield found
    selectors.counting_answers.disconnect(count)


@pytest.mark.parametrize("stage", USUAL)
def test_a_stage_asks_the_usual_questions_until_it_has_its_own(draft, people, stage):
    assert codes(draft, stage) == list(CODES[stage]) and not StageForm.objects.exists()
    act = {"actor": people["organiser"], "competition": draft, "stage": stage}
    for number in ("risks", "risks_2"):
        assert services.save_question(**act, **RISKS).code == number
    assert services.save_question(**act, **{**RISKS, "heading": {"fi": "Title"}}).code == "title_2"  # never the name of another field
    assert codes(draft, stage) == [*CODES[stage], "risks", "risks_2", "title_2"]
    assert AuditEvent.objects.filter(what="form.changed").count() == 3


def test_questions_move_within_and_across_sections_and_one_stays(draft, act):
    services.move_question(**act, code="spreading", to=2)
    assert codes(draft) == ["solution", "impact", "spreading", "novelty"]
    second = services.save_section(**act, heading={"fi": "Toinen"}, help={})
    services.move_question(**act, code="solution", section=second.code, to=0)
    services.move_question(**act, code="novelty", section=second.code, to=9)
    assert codes(draft) == ["impact", "spreading", "solution", "novelty"]
    services.move_section(**act, code=second.code, to=0)
    assert codes(draft) == ["solution", "novelty", "impact", "spreading"]
    services.remove_section(**act, code="main")
    assert codes(draft) == ["solution", "novelty", "impact", "spreading"] and FormSection.objects.count() == 1
    for code in ("solution", "impact", "spreading"):
        services.remove_question(**act, code=code)
    for service, what in ((services.remove_question, "novelty"), (services.remove_section, second.code)):
        with pytest.raises(Refused) as refusal:
            service(**act, code=what)
        assert refusal.value.reason is Reason.INCOMPLETE
    for service in (services.remove_question, services.ask_again):
        with pytest.raises(Refused) as refusal:
            service(**act, code="solution")
        assert refusal.value.reason is Reason.WRONG_STATE
    assert codes(draft) == ["novelty"]


def test_a_form_has_room_for_so_many(draft, act):
    services.save_question(**act, **RISKS)
    form = StageForm.objects.get()
    section = form.sections.get()
    Question.objects.bulk_create(Question(form=form, section=section, code=f"q{number}", position=9) for number in range(services.QUESTIONS_MAX - 5))
    FormSection.objects.bulk_create(FormSection(form=form, code=f"s{number}", position=9) for number in range(services.SECTIONS_MAX - 1))
    for service, columns in ((services.save_question, RISKS), (services.save_section, {"heading": {"fi": "x"}, "help": {}})):
        with pytest.raises(Refused) as refusal:
            service(**act, **columns)
        assert refusal.value.reason is Reason.FORM_TOO_LONG


@pytest.mark.parametrize(("stage", "shift", "is_refused"), [
    ("proposals", -1, False), ("proposals", 0, True), ("proposals", 1, True), ("problem_call", 1, False), ("team_call", 1, False),
])
def test_what_is_asked_may_change_so_long(draft, people, stage, shift, is_refused):
    added = add_stage(draft, people["organiser"], StageKind(stage))
    Competition.objects.filter(pk=draft.pk).update(state="published")
    with clock.at(added.opens_at + timedelta(milliseconds=shift)):
        if not is_refused:
            services.save_question(actor=people["organiser"], competition=draft, stage=stage, **RISKS)
            return
        with pytest.raises(Denied) as denial:
            services.save_question(actor=people["organiser"], competition=draft, stage=stage, **RISKS)
    assert denial.value.reason is Reason.FROZEN and codes(draft, stage) == list(CODES[stage])


def test_what_is_read_by_a_panel_is_asked_as_it_was(draft, people):
    stage = add_stage(draft, people["organiser"])
    Competition.objects.filter(pk=draft.pk).update(state="published")
    for shift, is_refused in ((0, False), (1, True)):
        with clock.at(stage.closes_at + timedelta(milliseconds=shift)):
            reason = None
            try:
                services.save_question(actor=people["organiser"], competition=draft, stage="problem_call", **RISKS)
            except Denied as error:
                reason = error.reason
            assert (reason is Reason.FROZEN) is is_refused


def test_only_an_organiser_makes_forms(draft, people, act):
    with pytest.raises(Denied) as denial:
        services.save_question(**{**act, "actor": people["registrar"]}, **RISKS)
    assert denial.value.reason is Reason.NO_ROLE and not StageForm.objects.exists()


def test_freezing_writes_the_usual_ones_down_once_and_verify_sees_a_change(draft, act):
    services.freeze_form(competition=draft)
    services.freeze_form(competition=draft)
    form = StageForm.objects.get()
    assert form.hash == selectors.hash_of_form(form) and [row.code for row in form.asked] == list(CODES["proposals"])
    assert AuditEvent.objects.get(what="form.frozen").body == {"hash": form.hash}
    with pytest.raises(Denied), clock.at(START - timedelta(days=1)):
        services.remove_question(**act, code="impact")
    was = "not the one that was frozen"
    assert audit.recheck() == []
    Question.objects.filter(code="impact").update(hard_words=9999)
    assert was in str(audit.recheck())
    Question.objects.filter(code="impact").update(hard_words=800)
    StageForm.objects.update(frozen_at=None, hash="")
    assert was in str(audit.recheck())
    Question.objects.all().delete()
    StageForm.objects.all().delete()
    assert "is gone" in str(audit.recheck())


def test_a_form_from_before_keeps_the_hash_that_it_had(draft):
    names = ("code", "heading", "help", "soft_words", "hard_words", "is_required", "carries")
    form = draft.form("proposals")
    before = audit.sha256("klash/1/sections", audit.canonical([{name: getattr(row, name) for name in names} for row in form.asked]))
    assert selectors.hash_of_form(form) == before
    form.asked[0].is_identifying = True
    assert selectors.hash_of_form(form) != before


def test_what_was_answered_is_never_lost(draft, act, answered):
    """Removed, retyped, replaced by the preset, asked again: the code that an answer lies under keeps its question, and no other gets it."""
    services.save_question(**act, **RISKS)
    answered["risks"] = 3
    services.remove_question(**act, code="risks")
    form = draft.form("proposals")
    assert "risks" not in codes(draft) and [row.code for row in form.kept] == ["risks"]
    assert [one.text for one in kept(form, {"risks": "Sää."}, "fi")] == ["Sää."] and told(form, {"risks": "Sää."}, "fi") == []
    assert services.save_question(**act, **RISKS).code == "risks_2"
    services.ask_again(**act, code="risks")
    retyped = services.save_question(**act, code="risks", **{**RISKS, "kind": "number"})
    assert (retyped.code, codes(draft)[-1], [row.code for row in draft.form("proposals").kept]) == ("risks_3", "risks_3", ["risks"])
    answered.update({"impact": 1, "risks_3": 1})
    services.save_question(**act, code="impact", heading={"fi": "Vaikutus"}, kind="date")
    services.use_preset(**act)
    form = draft.form("proposals")
    assert [row.heading["en"] for row in form.asked] == [row["heading"]["en"] for row in USUAL["proposals"]]
    assert {row.code for row in form.kept} == {"risks", "risks_3"} and form.find("impact").kind == Kind.TEXT


def test_the_preset_does_not_take_the_code_of_an_answer_of_another_kind(draft, act, answered):
    services.save_question(**act, code="impact", heading={"fi": "Milloin?"}, kind="date")
    answered["impact"] = 2
    services.use_preset(**act)
    form = draft.form("proposals")
    assert [row.code for row in form.asked] == ["solution", "impact_2", "novelty", "spreading"]
    assert [(row.code, row.kind) for row in form.kept] == [("impact", "date")]


def test_an_option_that_is_taken_off_is_told_still(draft, act):
    first, second = ({"code": code, "text": {"fi": code.upper()}} for code in "ab")
    row = services.save_question(**act, heading={"fi": "Väri", "en": "Colour"}, kind="one", options=[first, second])
    row = services.save_question(**act, code=row.code, options=[second])
    assert [(one["code"], one.get("is_removed", False)) for one in row.options] == [("b", False), ("a", True)]
    assert fits(row.asked, "a") and in_words(row, "a", "fi") == "A"


def test_a_question_on_which_another_hangs_stays(draft, act):
    services.save_question(**act, **YES_NO)
    services.save_question(**act, **RISKS, depends_on="pilot", values=["yes"])
    for change in (
        lambda: services.remove_question(**act, code="pilot"), lambda: services.save_question(**act, code="pilot", kind="number"),
        lambda: services.save_question(**act, code="impact", depends_on="solution", values=["yes"]),
        lambda: services.save_question(**act, code="risks", depends_on="pilot", values=["perhaps"]),
    ):
        with pytest.raises(Refused) as refusal:
            change()
        assert refusal.value.reason is Reason.HANGS_WRONGLY
    assert codes(draft)[-2:] == ["pilot", "risks"]


def test_two_who_change_one_question_do_not_overwrite_each_other(draft, act):
    row = services.save_question(**act, **RISKS)
    seen = selectors.fingerprint_of(row)
    services.save_question(**act, code="risks", seen=seen, heading={"fi": "Vaarat"})
    with pytest.raises(Refused) as refusal:
        services.save_question(**act, code="risks", seen=seen, heading={"fi": "Uhat"})
    assert refusal.value.reason is Reason.TEXT_CHANGED and Question.objects.get(code="risks").heading == {"fi": "Vaarat"}
    services.save_question(**act, code="impact", seen=selectors.fingerprint_of(draft.form("proposals").find("impact")), heading={"fi": "Vaikutus"})


def test_the_jury_never_gets_people_or_organisations(draft, act):
    assert [services.save_question(**act, heading={"fi": kind}, kind=kind).is_identifying for kind in ("people", "organisation", "line")] == [True, True, False]


# The pages


def test_the_pages_add_change_move_and_remove(organiser, draft):
    assert "Ratkaisu" in organiser.get(path("form")).content.decode()
    assert organiser.get(path("add_question")).status_code == 200
    assert organiser.post(path("add_question"), POSTED).url == f"{path('form')}#q-risks"
    row = Question.objects.get(code="risks")
    assert (row.heading["sv"], row.help, row.soft_words, row.hard_words, row.is_required, row.carries, row.is_for_reviewers) == (
        "Risker", {"fi": "Mikä voi epäonnistua?"}, 100, 200, False, "motivation", True,
    )
    assert 'value="Risker"' in organiser.get(path("question", "risks")).content.decode()
    part = {"headers": {"HX-Request": "true"}}
    changed = organiser.post(path("question", "risks"), {**POSTED, "heading_fi": "Vaarat"}, **part)
    assert changed.status_code == 200 and "Vaarat" in changed.content.decode() and "<html" not in changed.content.decode()
    assert organiser.post(path("move_question", "risks"), {"place": "main:3"}).url == f"{path('form')}#q-risks"
    assert codes(draft) == ["solution", "impact", "novelty", "risks", "spreading"]
    moved = organiser.post(path("move_question", "risks"), {"place": "main:0"}, **part)
    assert (moved.status_code, moved.content.decode()) == (200, "Siirretty: Vaarat.") and codes(draft)[0] == "risks"
    assert organiser.post(path("move_question", "risks"), {"place": "first"}, **part).status_code == 422 and codes(draft)[0] == "risks"
    assert organiser.post(path("remove_question", "risks")).status_code == 302
    assert codes(draft) == list(CODES["proposals"]) and organiser.get(path("question", "risks")).status_code == 404


@pytest.mark.parametrize(("change", "field"), [
    ({"heading_sv": ""}, "heading_sv"), ({"hard_words": "0"}, "hard_words"), ({"hard_words": "5001"}, "hard_words"), ({"soft_words": "201"}, "soft_words"),
    ({"carries": "name"}, "carries"), ({"need": "later"}, "required_from"), ({"kind": "one", "options_fi": "yksi"}, "options_fi"),
    ({"kind": "many", "options_fi": "a\nb", "options_sv": "a"}, "options_sv"), ({"kind": "file"}, "kind"),
])
def test_a_question_that_cannot_be_answered_is_refused_at_its_field(organiser, change, field):
    page = organiser.post(path("add_question"), {**POSTED, **change})
    assert page.status_code == 422 and field in page.context["form"].errors and "Mikä voi epäonnistua?" in page.content.decode()
    assert not Question.objects.filter(code="risks").exists()


def test_an_option_keeps_its_code_when_it_is_reworded_or_moved(draft, act):
    def written(row, *lines):
        text = "\n".join(lines)
        form = QuestionForm(draft.form("proposals"), row, {**POSTED, "kind": "one", "options_fi": text, "options_sv": text})
        assert form.is_valid(), form.errors
        return form.columns()["options"]

    row = Question(form=draft.form("proposals"), kind="one")
    row.options = written(row, "yksi", "kaksi")
    one, two = (option["code"] for option in row.options)
    assert [option["code"] for option in written(row, "kaksi", "yksi")] == [two, one]
    assert [option["code"] for option in written(row, "yksi", "kaksi!")] == [one, two]
    assert [option["code"] for option in written(row, "yksi", "kolme", "kaksi")][::2] == [one, two]


def test_the_preview_draws_what_is_written_and_saves_nothing(organiser):
    part = {"headers": {"HX-Request": "true"}}
    for change in ({}, {"heading_sv": ""}, {"kind": "many", "options_fi": "punainen"}, {"kind": "x", "hard_words": "x"}):
        page = organiser.post(path("preview_question"), {**POSTED, **change, "heading_fi": "Uusi kysymys", "code": "impact"}, **part)
        assert page.status_code == 200 and "Uusi kysymys" in page.content.decode()
    assert not StageForm.objects.exists()


def test_the_editor_asks_as_many_queries_for_sixty_questions_as_for_five(organiser, act):
    def queries(url):
        with CaptureQueriesContext(connection) as found:
            assert organiser.get(url).status_code == 200
        return len(found)

    services.save_question(**act, **RISKS)
    few = {name: queries(path(name, *args)) for name, args in (("form", ()), ("try_form", ()), ("question", ("risks",)))}
    form, section = StageForm.objects.get(), FormSection.objects.get()
    Question.objects.bulk_create(Question(form=form, section=section, code=f"q{n}", position=9 + n, heading={"fi": f"K {n}"}, hard_words=9) for n in range(55))
    many = {name: queries(path(name, *args)) for name, args in (("form", ()), ("try_form", ()), ("question", ("risks",)))}
    assert few == many and max(many.values()) <= 12


@pytest.mark.parametrize("kind", Kind)
def test_hostile_words_in_a_form_are_shown_as_words(organiser, act, kind):
    word = hostile("qz7")
    act["stage"] = "problem_call" if kind == Kind.FILE else "proposals"  # a proposal has its files beside the form
    options = [{"code": code, "text": {"fi": word, "sv": word}} for code in "ab"]
    services.save_question(**act, heading={"fi": word, "sv": word}, help={"fi": word}, kind=kind, options=options)
    for url in (path("form", stage=act["stage"]), path("try_form", stage=act["stage"])):
        page = organiser.get(url).content.decode()
        assert "qz7" in page and not any(active in page for active in ("<qz7", "<script>qz7", "<img", "<svg onload", "<!-- [qz7", " onqz7=1>"))


def test_frozen_forms_are_shown_and_refused_with_a_sentence(client, organiser, draft, people):
    services.freeze_form(competition=draft)
    page = organiser.get(path("form")).content.decode()
    assert "Lomake lukittiin" in page and path("add_question") not in page
    for answer in (organiser.post(path("question", "impact"), POSTED), organiser.post(path("remove_question", "impact")), organiser.get(path("add_question"))):
        assert answer.status_code == 403 and "eikä sitä voi enää muuttaa" in answer.content.decode()
    client.force_login(people["registrar"])
    assert client.get(path("form")).status_code == 200 and client.get(path("add_question")).status_code == 404
    client.force_login(people["outsider"])
    assert client.get(path("form")).status_code == 404
