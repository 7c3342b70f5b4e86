"""What is set up of a competition, as a file and in the next competition."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.urls import reverse

from klash.accounts.models import Organisation
from klash.competitions import selectors, services, set_up_file
from klash.competitions.models import Competition, FormKind, Question, StageForm, StageKind
from klash.core import clock
from klash.core.errors import Denied, Refused
from klash.core.models import AuditEvent
from klash.core.show import ZONE
from klash.core.yaml_file import Faulty
from klash.problems.services import add_question
from klash.rules.reasons import Reason
from klash.teams import services as teams
from tests.conftest import START

HEADING = {"fi": "Riskit", "sv": "Risker", "en": "Risks"}


@pytest.fixture
def full(world, cast):
    """A draft in which each part is set up, by the organiser."""
    competition, actor = world.competition, cast["organiser"]
    Competition.objects.filter(pk=competition.pk).update(state="draft", published_at=None, website="https://klash.example.org/")
    competition.criteria_sets.update(frozen_at=None, hash="")
    competition.refresh_from_db()
    with clock.at(START - timedelta(days=30)):
        services.set_criteria(actor=actor, competition=competition, stage_kind=StageKind.JUDGING, criteria=[
            {"code": "impact", "name": HEADING, "meaning": {}, "weight": 2, "bands": [{"from": 0, "to": 10, "text": HEADING}]},
        ])
        services.add_partner(actor=actor, competition=competition, organisation=Organisation.objects.first(), roles=["funder"])
        services.save_question(
            actor=actor, competition=competition, stage=FormKind.PROPOSAL, heading=HEADING, help={"fi": "Yksi\nkaksi: kolme"}, is_required=False,
            required_from=competition.stage(StageKind.PROPOSALS).opens_at,
        )
        add_question(actor=actor, competition=competition, text=HEADING)
        teams.save_team_rules(actor=actor, competition=competition, one_team="challenge", asks_declarations=True)
        teams.add_eligibility_question(actor=actor, competition=competition, text=HEADING, wanted=True, why={}, onward={"fi": "Kysykää."})
        teams.publish_conditions(actor=actor, competition=competition, text={"fi": "Ehdot."})
        yield Competition.objects.get(pk=competition.pk)


def text_of(competition):
    return set_up_file.write(set_up_file.told_of(Competition.objects.get(pk=competition.pk)))


def draft_of(competition, code="next"):
    return Competition.objects.create(code=code, name="x", organiser=competition.organiser)


def test_a_draft_that_is_filled_from_a_file_gives_the_same_file(full, cast):
    written = text_of(full)
    assert all(words in written for words in ("2026-", "https://klash.example.org/", "Ehdot.", "Kysykää.", "help:", "one_team: challenge"))
    Competition.objects.filter(pk=full.pk).update(tagline={}, summary={}, website="", team_size_max=9)
    services.fill_draft(actor=cast["organiser"], competition=full, told=set_up_file.read(written))
    assert text_of(full) == written
    services.fill_draft(actor=cast["organiser"], competition=full, told=set_up_file.read("format: klash/set-up/1\nname: Tyhjä\n" + LIMITS))
    assert (full.themes.count(), full.partners.count(), full.stages.count(), full.criteria_sets.count(), full.forms.count()) == (0,) * 5


LIMITS = "limits: {team_size_min: 3, team_size_max: 5, teams_per_challenge_max: 5, challenges_promised: 3}\n"
LEFT_OUT = {
    "competitions.Competition": {"id", "code", "organiser", "state", "published_at", "is_invented"},
    "competitions.Stage": {"id", "competition", "position", "planned_opens_at", "planned_closes_at"},
    "competitions.CriteriaSet": {"id", "competition", "stage_kind", "frozen_at", "hash"},
    "competitions.Criterion": {"id", "criteria_set", "position"}, "competitions.Theme": {"id", "competition"},
    "competitions.Partner": {"id", "competition", "organisation"},
    "competitions.StageForm": {"id", "competition", "kind", "revision", "frozen_at", "hash"}, "competitions.FormSection": {"id", "form", "position"},
    "competitions.Question": {"id", "form", "section", "position", "removed_at"},
    "problems.EligibilityQuestion": {"id", "competition", "code", "position"},
    "teams.TeamRules": {"id", "competition"}, "teams.EligibilityQuestion": {"id", "competition", "code"},
    "teams.Conditions": {"id", "competition", "number", "published_at"},
}
RENAMED = {"opens_at": "opens", "closes_at": "closes"}
# What hangs on a competition and is not its set-up: what happened, what people did, what was promised.
HAPPENED = {
    "Follow", "KeptForm", "LateCode", "MentoringDay", "MentorProfile", "News", "Plan", "PlanRules", "PlanRun", "Problem", "ProblemImport", "Promise", "Ruling", "Tally",
    "Challenge", "PairRule", "BadgeOffer", "MentorOffer", "MoreInformation", "AnswerFile", "Talk",
}


@pytest.mark.parametrize("label", LEFT_OUT)
def test_no_field_of_the_set_up_is_forgotten(label):
    known = {name for form in forms(set_up_file.form_of_file()) for name in form.model_fields}
    columns = {field.name for field in apps.get_model(label)._meta.get_fields() if field.concrete}
    assert {RENAMED.get(name, name) for name in columns - LEFT_OUT[label]} <= known | {"text"} and LEFT_OUT[label] <= columns


def test_no_table_of_the_set_up_is_forgotten():
    hanging = {relation.related_model for relation in Competition._meta.related_objects}
    assert {model.__name__ for model in hanging if model._meta.label not in LEFT_OUT} <= HAPPENED


def forms(form):
    yield form
    for field in form.model_fields.values():
        for one in inner(field.annotation):
            yield from forms(one)


def inner(annotation):
    if hasattr(annotation, "model_fields"):
        return [annotation]
    return [form for part in getattr(annotation, "__args__", ()) for form in inner(part)]


@pytest.mark.parametrize(("change", "line", "words"), [
    (("team_size_max: 5", "team_size_max: viisi"), 4, "limits.team_size_max"), (("name: Tyhjä", "nimi: Tyhjä"), 1, "name"),
    (("limits:", "themes: [{code: a, name: {fi: A}}, {code: a, name: {fi: B}}]\nlimits:"), 3, "a"),
    (("limits:", "themes: &a [{code: b, name: {fi: B}}]\npartners: *a\nlimits:"), 4, "*"),
    (("limits:", "website: javascript:alert(1)\nlimits:"), 3, "https://"), (("limits:", "limits: {}\nlimits:"), 4, "limits"),
    (("limits:", "tagline: {de: Hallo}\nlimits:"), 3, "de"), (("limits:", "stages: [{kind: award, title: {fi: A}, opens: huomenna, closes: 2027-01-01 10:00}]\nlimits:"), 3, "2027-04-11 16:00"),
    (("team_size_min: 3", "team_size_min: 6"), 4, "team_size_max"), (("format", "\x01format"), 1, ""), (("limits:", "a: " + "[" * 5000 + "\nlimits:"), 1, ""),
])
def test_each_fault_of_a_file_is_told_with_its_line(db, change, line, words):
    text = "format: klash/set-up/1\nname: Tyhjä\n" + LIMITS.replace("{", "\n  {")
    with pytest.raises(Faulty) as error:
        set_up_file.read(text.replace(*change))
    assert any(fault.line == line and words in fault.reason for fault in error.value.faults), error.value.faults


def test_a_file_that_is_refused_changes_nothing(full, cast, client):
    before, events = text_of(full), AuditEvent.objects.count()
    client.force_login(cast["organiser"])
    page, mended = reverse("competitions:fill", args=[full.code]), before.replace("team_size_max: 5", "team_size_max: 1")
    answer = client.post(page, {"text": mended, "fill": "1"})
    assert (answer.status_code, mended.splitlines()[0] in answer.content.decode()) == (422, True)
    shown = client.post(page, {"text": before.replace("name: Klash", "name: Uusi")})
    assert (shown.status_code, 'name="fill"' in shown.content.decode(), text_of(full), AuditEvent.objects.count()) == (200, True, before, events)
    assert client.post(page, {"text": before.replace("name: Klash", "name: Uusi"), "fill": "1"})["Location"] == reverse("competitions:texts", args=[full.code])
    assert Competition.objects.get(pk=full.pk).name.startswith("Uusi")


def test_the_next_competition_begins_as_this_one_was_set_up(full, cast):
    first = date(2027, 3, 1)
    draft = services.copy_competition(actor=cast["organiser"], competition=full, name="Klash 2027", code="klash-2027", first=first)
    stages = [row.opens_at.astimezone(ZONE) for row in draft.stages.all()]
    before = [row.opens_at.astimezone(ZONE) for row in full.stages.all()]
    assert (stages[0].date(), [row.time() for row in stages]) == (first, [row.time() for row in before])
    assert {(one.date() - other.date()).days for one, other in zip(stages, before, strict=True)} == {(first - before[0].date()).days}
    asked = Question.objects.get(form__competition=draft, heading=HEADING)
    assert asked.required_from.astimezone(ZONE).date() == draft.stage(StageKind.PROPOSALS).opens_at.astimezone(ZONE).date()
    assert (draft.state, draft.promises.count(), StageForm.objects.filter(competition=draft).count()) == ("draft", 0, 1)
    assert selectors.find(cast["organiser"], "klash-2027") == draft and selectors.find(cast["officer"], "klash-2027") is None
    with pytest.raises(Refused) as refused:
        services.copy_competition(actor=cast["organiser"], competition=full, name="Toinen", code="klash-2027", first=first)
    assert refused.value.reason is Reason.ADDRESS_TAKEN
    for who in ("officer", "registrar", "mentor"):
        with pytest.raises(Denied):
            services.copy_competition(actor=cast[who], competition=full, name="Kolmas", code="kolmas", first=first)


def test_the_pages_of_copying(full, cast, client):
    client.force_login(cast["organiser"])
    assert client.get(reverse("competitions:set_up_as_file", args=[full.code]))["Content-Disposition"] == f'attachment; filename="{full.code}.yaml"'
    page = reverse("competitions:copy", args=[full.code])
    answer = client.post(page, {"name": "Klash 2027", "code": "klash-2027", "first": "2027-03-01"})
    assert answer["Location"] == reverse("competitions:stages", args=["klash-2027"])
    assert client.post(page, {"name": "Klash 2027", "code": "klash-2027", "first": "2027-03-01"}).status_code == 422
