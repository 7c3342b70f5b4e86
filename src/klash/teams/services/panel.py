"""What the panel that chooses teams gets, and what becomes of its choice."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from klash.accounts.models import ReviewerHandle, User
from klash.accounts.services import grant_role
from klash.challenges.models import Challenge
from klash.challenges.services import tell_followers
from klash.competitions import services as competitions
from klash.competitions.answers import Told, told
from klash.competitions.models import FormKind, StageForm, StageKind
from klash.competitions.selectors import Decided, criteria_for, is_awaited
from klash.competitions.services import hold_stage
from klash.core import access, arrival, audit, chance, clock, workflow
from klash.core.errors import Denied, Refused
from klash.interests import selectors as interests
from klash.post import services as post
from klash.post.services import Letter
from klash.reviewing import selectors as reviewing
from klash.reviewing import services as rounds
from klash.reviewing.models import Round, RoundKind, Seat
from klash.rules.conflicts import conflicts
from klash.rules.knowhow import Need
from klash.rules.news import Happening
from klash.rules.permissions import Permission
from klash.rules.questions import Kind
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from klash.rules.states import ApplicationState, RoundState
from klash.teams import selectors
from klash.teams.models import Application
from klash.teams.texts import MIX_HEADING, PANEL_INTRO, mix_in_words, panel_title


def find_conflicts(*, challenge: Challenge) -> int:
    """Bar each panellist of a challenge from the applications with which there is a conflict: of members, organisations and subcontractors.

    The software itself does it, whenever one of the two sides changes. Returns how many pairs are new. Nine queries and those of recording.
    """
    round_ = reviewing.find_round(round_key(challenge))
    if round_ is None or round_.state == RoundState.COMPLETE:
        return 0
    codes = {row.team_id: code for code, row in selectors.applicants(challenge).items()}
    sides = {codes[key]: side for key, side in selectors.sides(codes).items()}
    reviewers = interests.seated(seat.handle for seat in reviewing.present(round_))
    return rounds.record_conflicts(actor=audit.System(), round=round_, found=conflicts(reviewers, sides))


def open_team_round(*, actor: Any, challenge: Challenge, closes_at: datetime) -> Round:
    """Give the challenge's panel its applications, with the teams' names; returns the round, not opened yet.

    The links to the entries are written on this side first, so that a broken run finds them again and doubles nothing.
    Raises Denied(NO_ROLE), Denied(NOT_OPEN_YET) while the team call runs, or Refused(MORE_AWAITED).
    """
    competition = challenge.competition
    access.ensure(actor, Permission.RUN_COMPETITION, competition)
    with transaction.atomic():
        deadline = hold_stage(competition.pk, StageKind.TEAM_CALL, is_closing=True).closes_at
        if clock.judged() <= deadline + arrival.settling():
            raise Denied(Reason.NOT_OPEN_YET)
        if is_awaited(competition, "application", clock.now()):
            raise Refused(Reason.MORE_AWAITED)
        rows = list(Application.objects.filter(team__challenge=challenge, state=ApplicationState.SUBMITTED).select_related("team").order_by("team__code"))
        for row in rows:
            if row.entry_code is None:
                row.entry_code = chance.code()
                row.save(update_fields=["entry_code"])
    round_ = rounds.make_round(
        actor=actor, key=round_key(challenge), chain=competition.code, kind=RoundKind.APPLICATIONS, competition_name=competition.name,
        title=panel_title(challenge.title), intro=PANEL_INTRO, is_blind=False, is_invented=competition.is_invented, opens_at=clock.now(),
        closes_at=closes_at, criteria=criteria_for(competition, StageKind.TEAM_SELECTION), quota=competition.teams_per_challenge_max,
    )
    rounds.write_entries(actor=actor, round=round_, entries=_entries(challenge, rows))
    find_conflicts(challenge=challenge)
    return round_


def round_key(challenge: Challenge) -> str:
    """Return what the challenge's panel round is called."""
    return f"applications/{challenge.code}"


def is_fixed(challenge: Challenge) -> bool:
    has_entries = Application.objects.filter(team__challenge=challenge).exclude(entry_code=None).exists()
    return has_entries or reviewing.find_round(round_key(challenge)) is not None


def _entries(challenge: Challenge, rows: Sequence[Application]) -> list[rounds.NewEntry]:
    needs, members, form = selectors.needs_of(challenge), selectors.members_of(row.team_id for row in rows), challenge.competition.form(FormKind.APPLICATION)
    return [_entry(row, form, selectors.mix_of(needs, members[row.team_id])) for row in rows]


def _told(row: Application, answer: Told) -> dict[str, Any]:
    """Return an answer as the entry holds it; a file by its name and where the panel finds it, made anew from what it shows."""
    if answer.question.kind != Kind.FILE:
        return answer.entry
    where = reverse("teams:file_answer", args=[row.code, answer.question.code])
    return {"heading": answer.heading, "text": f"{answer.text}\n{settings.KLASH_URL}{where}"}


def _entry(row: Application, form: StageForm, mix: Sequence[Need]) -> rounds.NewEntry:
    team = row.team
    sections = [_told(row, one) for one in told(form, row.answers, team.language, is_told=lambda question: question.is_for_reviewers)]
    if mix:
        sections.append({"heading": MIX_HEADING, "text": mix_in_words(mix, team.language)})
    return rounds.NewEntry(
        code=row.entry_code or "", title=team.name, author=team.name, language=team.language, sections=sections, is_invented=team.is_invented
    )


def seat_panellist(*, actor: Any, challenge: Challenge, person: User, is_chair: bool = False) -> Seat:
    """Give a person a seat in the challenge's panel; a second seating finds the first.

    Raises Denied(NO_ROLE), Refused(OTHER_SIDE), or Refused(NOT_COMPLETE) before the round is prepared.
    """
    access.ensure(actor, Permission.RUN_COMPETITION, challenge.competition)
    round_ = reviewing.find_round(round_key(challenge))
    if round_ is None:
        raise Refused(Reason.NOT_COMPLETE)
    with transaction.atomic():
        workflow.lock(challenge)  # one seating at a time: what a broken one left is found by the next
        grant_role(actor=actor, person=person, role=Role.PANELLIST, competition=challenge.chain, challenge=challenge.code)
        found = next((seat for seat in reviewing.seats_of(person) if seat.round_id == round_.pk), None)
        if found is not None:
            return found
        seat = rounds.provide_seat(actor=actor, round=round_, is_chair=is_chair)
        ReviewerHandle.objects.create(person=person, handle=seat.handle)
        rounds.tell_latecomer(handle=seat.handle, person=person)
    find_conflicts(challenge=challenge)
    return seat


@transaction.atomic
def release_admissions(*, actor: Any, challenge: Challenge, seen: str) -> int:
    """Tell every team of the challenge at once, with reason and feedback; admitted teams become public. Returns how many. A second release tells nobody.

    seen: the digest of the mails that the actor looked at. All or nothing.
    Raises Denied(NO_ROLE, NOT_ALL_SUBMITTED) and Refused as `competitions.release_ruling` does.
    """
    workflow.lock(challenge)
    sheet = competitions.lock_sheet(challenge.competition, judged_round(challenge))
    access.ensure(actor, Permission.RELEASE_DECISIONS, sheet.ruling)
    if sheet.is_released:
        return 0
    verdicts = selectors.verdicts(challenge, sheet)
    competitions.release_ruling(actor=actor, sheet=sheet, letters=write_letters(challenge, verdicts), seen=seen)
    now = clock.now()
    for row, decided in verdicts:
        line = decided.line
        columns = {"reserve_place": line.reserve_place, "reason": line.reason, "feedback": decided.feedback, "decided_at": now, "released_at": now}
        to = ApplicationState.ADMITTED if line.is_taken else ApplicationState.ON_RESERVE if line.reserve_place else ApplicationState.DECLINED
        workflow.move(row, to=to, actor=actor, save=columns, body={"reason": line.reason})
    count_admitted(challenge)
    tell_followers(challenge, Happening.TEAMS_ADMITTED, f"teams.admitted/{challenge.code}")
    return len(verdicts)


def count_admitted(challenge: Challenge) -> None:
    """Keep how many teams and persons a challenge has, as its pages tell it."""
    challenge.admitted_teams, challenge.admitted_persons = selectors.admitted(challenge)
    challenge.save(update_fields=["admitted_teams", "admitted_persons"])


def judged_round(challenge: Challenge) -> Round:
    """Return the challenge's panel round. Raises Denied(NOT_ALL_SUBMITTED) where there is none."""
    round_ = reviewing.find_round(round_key(challenge))
    if round_ is None:
        raise Denied(Reason.NOT_ALL_SUBMITTED)
    return round_


def write_letters(challenge: Challenge, verdicts: Sequence[tuple[Application, Decided]]) -> list[Letter]:
    """Write the mail to each member of each team as it will be queued."""
    return [
        post.write_letter(
            to=member.person.email, language=member.person.language, template="teams_decided", event=f"application.decided/{row.code}",
            context={
                "team": row.team, "challenge": challenge.title, "competition": challenge.competition.name, "is_admitted": decided.line.is_taken,
                "reserve_place": decided.line.reserve_place,
                "reason": decided.line.reason, "feedback": decided.feedback,
            },
        )
        for row, decided in verdicts for member in row.team.memberships.all()
    ]
