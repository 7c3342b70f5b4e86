"""Every check here finds what it is for: a fault is sown, and the check that guards against it must report it."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from django.http import HttpResponse

from klash.core import chance, downloads, middleware, show
from klash.mentoring.models import SessionQuerySet
from klash.portal.selectors import caching
from klash.post.services import queue
from klash.problems.models import ProblemQuerySet
from klash.proposals import views as proposal_views
from klash.proposals.models import ProposalQuerySet
from klash.proposals.services import letters, opening
from klash.reviewing import selectors as reading
from klash.reviewing.models import Entry
from klash.rules.reasons import Reason
from klash.teams import selectors as team_selectors
from klash.teams.models import Team, TeamQuerySet
from tests.blind import checks
from tests.blind.test_canary import look_round
from tests.blind.test_channels import keys_told, told_apart
from tests.blind.test_order import crowd, lists_told, open_crowd, order_told
from tests.blind.worlds import KAARNA_FIRST, LUOTO_LATER, NOBODY_YET, undone, watch
from tests.staged import staged  # noqa: F401


def at(contest, moment="reading", arrivals=KAARNA_FIRST, readers=("juror",)):
    return watch(contest, arrivals, (moment,), readers, is_short=True)


def blind(world):
    return world.replies("juror", "reading")


def two(contest, moment="reading", other=LUOTO_LATER, readers=("juror",)):
    return checks.differences(*(at(contest, moment, arrivals, readers).seen for arrivals in (KAARNA_FIRST, other)))


def entry_with(patch, change):
    """Let the opening write its entries with a change: version and entry to entry."""
    real = opening._entry
    patch.setattr(opening, "_entry", lambda code, version, *more: change(version, real(code, version, *more)))


def said(entry, words):
    return replace(entry, sections=[{**entry.sections[0], "text": f"{entry.sections[0]['text']} {words}"}, *entry.sections[1:]])


def stored_of(version):
    return version.proposal.attachments.all()[0].file


def file_name(patch):
    entry_with(patch, lambda version, entry: replace(entry, files=tuple(replace(one, media_type=f'application/pdf; name="{stored_of(version).name}"') for one in entry.files)))


def team_name(patch):
    entry_with(patch, lambda version, entry: replace(entry, title=f"{entry.title} ({version.proposal.team.name})"))


def team_code(patch):
    entry_with(patch, lambda version, entry: said(entry, version.proposal.team.code))


def created_at(patch):
    entry_with(patch, lambda version, entry: said(entry, show.moment(version.received_at)))


def row_key(patch):
    entry_with(patch, lambda version, entry: said(entry, f"nro {version.pk}"))


def team_language(patch):
    patch.setattr(opening, "language_of", lambda content: content["language"])


def invented_mark(patch):
    entry_with(patch, lambda version, entry: replace(entry, is_invented=version.proposal.team.name == "Kaarna"))


def answer_with(patch, header, value):
    class Answer(HttpResponse):
        def __init__(self, content=b"", **more):
            super().__init__(content, **more)
            self[header] = value(content)

    patch.setattr(downloads, "HttpResponse", Answer)


def tag_of_content(patch):
    answer_with(patch, "ETag", lambda content: f'"{hashlib.sha256(content).hexdigest()}"')


def changed_at(patch):
    answer_with(patch, "Last-Modified", lambda content: f"Tue, {len(content) % 28 + 1:02} Nov 2026 12:00:00 GMT")


def shared_cache(patch):
    answer_with(patch, "Cache-Control", lambda content: "public, max-age=60")


def live_link(patch):
    patch.setattr(show, "prose_without_links", show.prose)


def mail_at_submission(patch):
    real = letters.send_receipt

    def send(version):
        real(version)
        queue(to="juror@example.org", language="fi", template="reviewing_judging", context={"round": None}, event=f"told/{version.receipt}")

    patch.setattr(letters, "send_receipt", send)


def tag_moves_with_proposals(patch):
    patch.setattr(caching, "SHOWN", (*caching.SHOWN, "proposal.submitted"))


def one_order_for_all(patch):
    patch.setattr(reading, "own_key", lambda seat, code: code.encode())


def codes_in_order(patch):
    patch.setattr(chance, "shuffled", list)
    patch.setattr(chance, "code_name", lambda taken, words: f"A2-{len(taken):04}")


def written_in_order(patch):
    codes_in_order(patch)
    patch.setattr(chance, "code_name", lambda taken, words: f"A2-{9999 - len(taken):04}")


def forbidden_is_told(patch):
    patch.setattr(middleware, "TOLD", frozenset(Reason))


def key_on_own_page(patch):
    real = proposal_views._sections

    def sections(proposal):
        codes = Entry.objects.using("reviewing").filter(title=proposal.title).values_list("code", flat=True)
        return [*real(proposal), *({"name": "code", "label": "", "text": code, "is_empty": False, "is_required": True, "words": 1} for code in codes)]

    patch.setattr(proposal_views, "_sections", sections)


def times(world):
    return checks.other_times(blind(world), [], [])


def arrival_days(contest):
    return [show.day(contest.deadline - timedelta(hours=row.hours)) for row in KAARNA_FIRST]


def pdfs(world):
    return [row for row in blind(world) if row.header("Content-Type").startswith("application/pdf")]


# fault -> the check that must report it
SOWN = {
    file_name: lambda c: checks.terms_in(blind(w := at(c)), w.secrets),
    team_name: lambda c: checks.terms_in(blind(w := at(c)), w.secrets),
    team_code: lambda c: checks.terms_in(blind(w := at(c)), w.secrets),
    created_at: lambda c: [fault for fault in times(at(c)) if any(day in fault for day in arrival_days(c))],
    row_key: lambda c: checks.integer_ids(blind(w := at(c)), w.keys),
    team_language: two,
    invented_mark: two,
    tag_of_content: lambda c: checks.terms_in(blind(w := at(c)), w.hashes),
    changed_at: lambda c: checks.unequal_headers(pdfs(w := at(c)), w.codes),
    shared_cache: lambda c: checks.kept_by_caches(blind(at(c))),
    live_link: lambda c: checks.live_links(blind(at(c))),
    mail_at_submission: lambda c: two(c, "half", NOBODY_YET),
    tag_moves_with_proposals: lambda c: two(c, "half", NOBODY_YET, ("nobody",)),
    one_order_for_all: lambda c: lists_told(c, crowd(c)),
    codes_in_order: lambda c: order_told(open_crowd(c, crowd(c), 1)),
    written_in_order: lambda c: order_told(open_crowd(c, crowd(c), 1)),
    forbidden_is_told: lambda c: told_apart(c, "half"),
    key_on_own_page: lambda c: keys_told(c, is_short=True),
}


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("sow", SOWN, ids=lambda sow: sow.__name__)
def test_seeded_faults(contest, sow):
    with pytest.MonkeyPatch.context() as patch:
        sow(patch)
        assert undone(lambda: SOWN[sow](contest)) != []


@pytest.mark.django_db(databases="__all__")
def test_without_a_fault_the_same_checks_report_nothing(contest):
    world = at(contest)
    found = [
        checks.terms_in(blind(world), world.secrets | world.hashes), checks.integer_ids(blind(world), world.keys), two(contest), two(contest, "half", NOBODY_YET),
        checks.unequal_headers(pdfs(world), world.codes), checks.kept_by_caches(blind(world)), checks.live_links(blind(world)),
        keys_told(contest, is_short=True), told_apart(contest, "half"),
    ]
    assert (found, len(pdfs(world))) == ([[]] * len(found), 3)


def everything_visible(queryset):
    return lambda patch: patch.setattr(queryset, "visible_to", lambda self, person: self)


def teams_before_the_release(patch):
    patch.setattr(team_selectors, "public_teams", lambda challenge: Team.objects.filter(challenge=challenge))


# name -> fault, the stage, and who must find what is not theirs
CRAWLED = {
    "drafts_of_problems": (everything_visible(ProblemQuerySet), "problem_call+", ("outsider",)),
    "teams": (everything_visible(TeamQuerySet), "team_call+", ("outsider",)),
    "teams_before_the_release": (teams_before_the_release, "team_selection+", ("nobody",)),
    "sessions": (everything_visible(SessionQuerySet), "end", ("other_leader",)),
    "proposals": (everything_visible(ProposalQuerySet), "proposals+", ("juror",)),
}


@pytest.mark.parametrize("name", CRAWLED)
def test_seeded_faults_of_visibility(staged, name):  # noqa: F811
    sow, state, cast = CRAWLED[name]
    with staged.at(state) as loaded, pytest.MonkeyPatch.context() as patch:
        sow(patch)
        faults, *_ = look_round(loaded, cast, patch)
    assert faults != []
