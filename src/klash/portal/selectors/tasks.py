"""What waits for one person, and what the person has done."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, prefetch_related_objects
from django.utils.translation import gettext as _

from klash.accounts.models import Invitation, RoleGrant, User
from klash.accounts.selectors import ROLES, handles_of
from klash.challenges.models import Challenge
from klash.competitions.models import Competition, Postponement, Ruling, Stage, StageKind
from klash.competitions.selectors import awaited_of
from klash.core.databases import reviewing
from klash.core.fields import Text
from klash.interests.models import Declaration
from klash.mentoring.models import MentoringDay, MentorProfile, Session, SessionFeedback, TeamNeeds
from klash.portal.selectors.links import where
from klash.problems.models import Problem
from klash.proposals.models import LateDecision, TeamQuestion, Version
from klash.reviewing.models import Question, QuestionBatch, Round, Seat, Signature
from klash.rules.roles import JUDGES, STAFF, Role
from klash.rules.states import (
    ApplicationState,
    AwardState,
    ChallengeState,
    LateDecisionState,
    OpeningState,
    PostponementState,
    ProblemState,
    ProposalState,
    QuestionBatchState,
    QuestionState,
    ReportState,
    RoundState,
    RulingState,
    SeatState,
    SessionState,
)
from klash.teams.models import Membership


@dataclass(frozen=True)
class Task:
    """One thing to do: a sentence, what it concerns, one button, and the moment until when it is to be done or, with `is_start`, when it begins."""

    sentence: str
    about: Text
    button: str
    url: str
    due: datetime | None = None
    is_start: bool = False


@dataclass(frozen=True)
class Done:
    """One thing done and where it stands."""

    sentence: str
    about: Text
    url: str
    at: datetime | None = None


@dataclass
class Tasks:
    to_do: list[Task] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)

    def sort(self) -> None:
        self.to_do.sort(key=lambda task: (task.due is None, task.due.timestamp() if task.due else 0))
        self.done.sort(key=lambda done: (done.at is None, -(done.at.timestamp() if done.at else 0)))


@dataclass(frozen=True)
class _Held:
    """The person's roles: (role, competition, challenge)."""

    grants: tuple[tuple[str, str, str], ...]

    def competitions(self, *roles: Role) -> set[str]:
        return {competition for role, competition, _challenge in self.grants if role in roles}

    def challenges(self, role: Role) -> set[str]:
        return {challenge for held, _competition, challenge in self.grants if held == role}


def staffed(person: Any) -> bool:
    """Return whether the person helps to run some competition. One query, kept with the person; none where roles were asked for before."""
    return bool(person.roles_held() & STAFF)


def staffed_competition(person: Any) -> str | None:
    """Return the code of the newest competition that the person helps to run. One query."""
    codes = RoleGrant.objects.filter(standing__person=person, ended_at=None, role__in=[role.value for role in STAFF])
    return Competition.objects.filter(code__in=codes.values("standing__competition")).order_by("-pk").values_list("code", flat=True).first()


def tasks_of(person: User, now: datetime) -> Tasks:
    """Return what the person must do and has done. At most thirteen queries, one more for a mentor, three more where a jury may ask."""
    found = Tasks()
    held = _Held(tuple(
        RoleGrant.objects.filter(standing__person=person, ended_at=None).order_by("pk")
        .values_list("role", "standing__competition", "challenge")
    ))
    problems = list(Problem.objects.own(person).select_related("competition").order_by("pk"))
    memberships = _memberships(person, now)
    _keep_stages([*(row.competition for row in problems), *(row.team.challenge.competition for row in memberships)])
    _invitations(found, person, now)
    _awaited(found, problems, memberships, now)
    for problem in problems:
        _problem(found, problem, now)
    for membership in memberships:
        _application(found, membership, now)
        _needs(found, membership)
        _proposal(found, membership, now)
    _asked(found, memberships, now)
    _mentors(found, held, person, now)
    _sessions(found, person, now)
    _challenges(found, held, person, now)
    states = _reviews(found, handles_of(person), now)
    if held.competitions(*JUDGES, Role.PANELLIST) and states != {RoundState.COMPLETE}:
        _interests(found, person)
    person.__dict__["_is_staffed"] = bool(held.competitions(*STAFF))
    found.sort()
    return found


def _keep_stages(competitions: list[Competition]) -> None:
    """Read the stages of all these competitions at once. One query, none for an empty list."""
    if competitions:
        prefetch_related_objects(competitions, Prefetch("stages", queryset=Stage.objects.order_by("position")))


def _memberships(person: User, now: datetime) -> list[Any]:
    received = Version.objects.filter(proposal__team=OuterRef("team")).order_by("is_late", "-number").values("received_at")[:1]
    return list(
        Membership.objects.filter(person=person)
        .select_related("team__challenge__competition", "team__application", "team__proposal")
        .annotate(
            size=Count("team__memberships"), received_at=Subquery(received), has_needs=Exists(TeamNeeds.objects.filter(team=OuterRef("team"))),
            is_mentored=Exists(MentoringDay.objects.filter(challenges=OuterRef("team__challenge"), slots__starts_at__gt=now)),
        ).order_by("pk")
    )


def _stage(competition: Competition, kind: str) -> Stage | None:
    return competition.stages_by_kind().get(kind)


def _plain(text: str) -> Text:
    return {"fi": text}


def _invitations(found: Tasks, person: User, now: datetime) -> None:
    name = Subquery(Competition.objects.filter(code=OuterRef("competition")).values("name")[:1])
    for row in Invitation.objects.filter(email=person.email, accepted_at=None, expires_at__gte=now).annotate(name=name).order_by("pk"):
        found.to_do.append(Task(
            _("You have been invited: %(role)s. Open the link in the mail.") % {"role": ROLES[Role(row.role)]},
            _plain(row.name or row.competition), "", "", row.expires_at,
        ))


def _problem(found: Tasks, row: Problem, now: datetime) -> None:
    stage = _stage(row.competition, StageKind.PROBLEM_CALL)
    about = _plain(row.title or _("Problem without a title"))
    competition = row.competition.code
    edit, page = where("problems:write", competition, row.code), where("problems:problem", competition, row.code)
    if row.state not in (ProblemState.DRAFT, ProblemState.WITHDRAWN):
        at = row.submitted_at if row.state == ProblemState.SUBMITTED else row.feedback_released_at
        found.done.append(Done(_PROBLEM[ProblemState(row.state)](bool(row.feedback_released_at)), about, page, at))
    elif stage is not None and stage.is_open(now):
        sentence = _("Finish the problem and submit it. It has not been submitted yet.")
        found.to_do.append(Task(sentence, about, _("Go on writing"), edit, stage.closes_at))
    else:
        found.done.append(Done(_("The problem stayed a draft; it was not submitted."), about, edit, stage.closes_at if stage else row.saved_at))


_PROBLEM = {
    ProblemState.SUBMITTED: lambda has_feedback: _("The problem has been submitted. The panel has not chosen yet."),
    ProblemState.CHOSEN: lambda has_feedback: _("The problem was chosen to become a challenge."),
    ProblemState.NOT_CHOSEN: lambda has_feedback: (
        _("The problem was not chosen. The panel's feedback is on its page.") if has_feedback
        else _("The problem was not chosen. The panel's feedback comes later.")
    ),
    ProblemState.MERGED: lambda has_feedback: _("The report was merged with another that tells of the same problem. Decision and feedback come to that one."),
    ProblemState.NOT_ELIGIBLE: lambda has_feedback: _("The problem was not eligible for the panel. The reason is on its page."),
}


def _application(found: Tasks, row: Any, now: datetime) -> None:
    team, competition = row.team, row.team.challenge.competition
    application = getattr(team, "application", None)
    stage, about, page = _stage(competition, StageKind.TEAM_CALL), _plain(team.name), where("teams:show", team.code)
    state = application.told_state if application else ApplicationState.DRAFT
    if state in (ApplicationState.DRAFT, ApplicationState.WITHDRAWN):
        if stage is None or not stage.is_open(now):
            found.done.append(Done(_("The application was not submitted in time."), about, page, stage.closes_at if stage else team.founded_at))
            return
        if row.size < competition.team_size_min and row.is_leader:
            sentence = _("Invite members. The team needs at least %(number)s.") % {"number": competition.team_size_min}
            found.to_do.append(Task(sentence, about, _("Invite members"), page, stage.closes_at))
        if row.is_leader:
            sentence = _("Write the application and submit it. It has not been submitted yet.")
        else:
            sentence = _("Write the application together. The leader submits it.")
        found.to_do.append(Task(sentence, about, _("Write the application"), where("teams:application", team.code), stage.closes_at))
        return
    sentences = {
        ApplicationState.SUBMITTED: _("The application has been submitted. The decision has not been made yet."),
        ApplicationState.ADMITTED: _("The team was admitted to the contest."),
        ApplicationState.ON_RESERVE: _("The team is on the reserve list. Its place is on the team's page."),
        ApplicationState.RESIGNED: _("The team has given up its place in the contest."),
        ApplicationState.DECLINED: _("The team was not admitted. The reason is on the team's page."),
    }
    at = application and (application.submitted_at if state == ApplicationState.SUBMITTED else application.released_at)
    found.done.append(Done(sentences[state], about, page, at))


def _awaited(found: Tasks, problems: Iterable[Problem], memberships: Iterable[Any], now: datetime) -> None:
    """Tell what the organiser asks of what was handed in. One query, none for who has handed in nothing."""
    pages = {f"problem/{row.code}": (_plain(row.title), where("problems:more", row.competition.code, row.code)) for row in problems if row.submitted_at}
    pages |= {f"application/{row.team.code}": (_plain(row.team.name), where("teams:more", row.team.code)) for row in memberships if row.may_write}
    for thing, row in (awaited_of(pages, now) if pages else {}).items():
        about, page = pages[thing]
        sentence = _("The organiser asks for more information. Complete the fields that are open.")
        found.to_do.append(Task(sentence, about, _("Give more information"), page, row.until))


def _needs(found: Tasks, row: Any) -> None:
    team, application = row.team, getattr(row.team, "application", None)
    if row.is_mentored and not row.has_needs and application is not None and application.told_state == ApplicationState.ADMITTED:
        page = where("mentoring:needs", team.challenge.competition.code, team.code)
        found.to_do.append(Task(_("Tell what your team needs help with in the mentoring."), _plain(team.name), _("Write the needs"), page))


def _mentors(found: Tasks, held: _Held, person: User, now: datetime) -> None:
    """Ask a mentor for the profile, then for the times. One query, none for others."""
    if not (mentoring := held.competitions(Role.MENTOR)):
        return
    days = MentoringDay.objects.filter(competition=OuterRef("competition"))
    rows = MentorProfile.objects.filter(person=person, competition__code__in=mentoring).select_related("competition").order_by("pk")
    for row in rows.annotate(has_days=Exists(days), has_time=Exists(days.filter(slots__starts_at__gt=now))):
        about, code = _plain(row.competition.name), row.competition.code
        if row.saved_at is None and (row.has_time or not row.has_days):
            sentence = _("Tell who you are, so that teams know whom they may meet.")
            found.to_do.append(Task(sentence, about, _("Fill in the profile"), where("mentoring:profile", code)))
        if row.times_at is None and row.has_time:
            found.to_do.append(Task(_("Tell when you can meet teams."), about, _("Tell the times"), where("mentoring:own_times", code)))


def _proposal(found: Tasks, row: Any, now: datetime) -> None:
    team, competition = row.team, row.team.challenge.competition
    application, proposal = getattr(team, "application", None), getattr(team, "proposal", None)
    if application is None or application.told_state != ApplicationState.ADMITTED:
        return
    stage, about, page = _stage(competition, StageKind.PROPOSALS), _plain(team.name), where("proposals:edit", competition.code, team.code)
    state = proposal.state if proposal else ProposalState.DRAFT
    if state in (ProposalState.DRAFT, ProposalState.WITHDRAWN):
        if stage is not None and stage.is_open(now):
            sentence = _("Write the solution proposal and submit it. It has not been submitted yet.")
            found.to_do.append(Task(sentence, about, _("Write the proposal"), page, stage.closes_at))
        elif stage is not None and stage.closes_at < now:
            found.done.append(Done(_("The team did not submit a proposal in time."), about, page, stage.closes_at))
    elif stage is not None and stage.is_open(now):
        sentence = _("The proposal has been submitted. You can submit a new version until the deadline.")
        found.done.append(Done(sentence, about, page, row.received_at))
    else:
        found.done.append(Done(_("The proposal has been submitted. Nothing in it changes any more."), about, page, row.received_at))


def _asked(found: Tasks, rows: Iterable[Any], now: datetime) -> None:
    """Ask the team for its answers to the jury. One query, none where no proposal is opened in a competition that allows questions."""
    opened = {row.team.proposal.pk: row.team for row in rows if _is_opened(row.team) and row.team.challenge.competition.takes_questions}
    for one in TeamQuestion.objects.filter(proposal__in=opened, answered_at=None, answers_by__gte=now) if opened else ():
        team = opened[one.proposal_id]
        page = where("proposals:questions", team.challenge.competition.code, team.code)
        found.to_do.append(Task(_("The jury asks your team something."), _plain(team.name), _("Answer the question"), page, one.answers_by))


def _is_opened(team: Any) -> bool:
    return getattr(getattr(team, "proposal", None), "state", None) == ProposalState.OPENED


def _sessions(found: Tasks, person: User, now: datetime) -> None:
    rows: Any = (
        Session.objects.filter(
            Q(mentor__person=person) | Q(team__in=Membership.objects.filter(person=person).values("team"))
        ).exclude(state=SessionState.CANCELLED).select_related("slot__day__competition", "team", "mentor__person")
        .annotate(
            mentor_rated=Exists(SessionFeedback.objects.filter(session=OuterRef("pk"), side="mentor")),
            team_rated=Exists(SessionFeedback.objects.filter(session=OuterRef("pk"), side="team")),
        ).order_by("slot__starts_at", "pk")
    )
    for row in rows:
        is_mentor = row.mentor.person_id == person.pk
        about = _plain(row.team.name if is_mentor else row.mentor.person.name)
        page = where("mentoring:session", row.chain, row.code)
        if row.slot.starts_at > now:
            found.to_do.append(Task(_("A mentoring session is coming."), about, _("See the session"), page, row.slot.starts_at, is_start=True))
        elif is_mentor and not row.note:
            found.to_do.append(Task(_("Write the note of the mentoring session."), about, _("Write the note"), page))
        elif row.state == SessionState.HELD and not (row.mentor_rated if is_mentor else row.team_rated):
            found.to_do.append(Task(_("Tell how the mentoring session went."), about, _("Give feedback"), page))
        else:
            found.done.append(Done(_("The mentoring session has been held."), about, page, row.slot.starts_at))


def _challenges(found: Tasks, held: _Held, person: User, now: datetime) -> None:
    """Briefs of pilot officers, and the steps of staff that wait for this very person."""
    run, piloted = held.competitions(*STAFF), held.challenges(Role.PILOT_OFFICER)
    if not run and not piloted:
        return
    rows = (
        Challenge.objects.filter(Q(competition__code__in=run) | Q(code__in=piloted))
        .select_related("competition", "opening", "award").order_by("pk")
        .annotate(has_late=Exists(_late_of_others(person).filter(version__proposal__team__challenge=OuterRef("pk"))))
    )
    _postponements(found, run, person, now)
    for row in rows:
        if row.competition.code in run:
            _staff_steps(found, row, person)
        elif row.state == ChallengeState.DRAFT:
            page = where("challenges:edit", row.competition.code, row.code)
            found.to_do.append(Task(_("Write the brief of the challenge."), row.title, _("Write the brief"), page))
        else:
            page = where("challenges:challenge", row.competition.code, row.code)
            found.done.append(Done(_("The challenge has been published."), row.title, page, row.published_at))
    _clearing(found, [row for row in rows if row.competition.code in held.competitions(Role.REGISTRAR)])
    _jury_questions(found, [row for row in rows if row.competition.code in run and row.competition.takes_questions], held, person)
    for code, name in Competition.objects.filter(code__in=run).order_by("code").values_list("code", "name"):
        found.to_do.append(Task(_("The desk tells what the competition needs next."), _plain(name), _("Open the desk"), where("desk:home", code)))


def _late_of_others(person: User) -> QuerySet[LateDecision]:
    return LateDecision.objects.filter(state=LateDecisionState.PROPOSED).exclude(decided_by=person)


def _postponements(found: Tasks, run: set[str], person: User, now: datetime) -> None:
    rows = Postponement.objects.filter(stage__competition__code__in=run, state=PostponementState.REQUESTED, stage__closes_at__gte=now)
    for row in rows.exclude(requested_by=person).select_related("stage__competition").order_by("pk"):
        sentence = _("A colleague asked for a later deadline. It needs your confirmation before the deadline passes.")
        page = where("competitions:move_deadline", row.chain, row.stage.kind)
        found.to_do.append(Task(sentence, row.stage.title, _("Look at the request"), page, row.stage.closes_at))


def _staff_steps(found: Tasks, row: Any, person: User) -> None:
    opening, award = getattr(row, "opening", None), getattr(row, "award", None)
    if row.has_late and (opening is None or opening.state == OpeningState.REQUESTED):
        sentence = _("A colleague decided on a late proposal. It needs your confirmation.")
        found.to_do.append(Task(sentence, row.title, _("Go to the late proposals"), where("proposals:late", row.competition.code, row.code)))
    if opening is not None and opening.state == OpeningState.REQUESTED and opening.requested_by_id != person.pk:
        sentence = _("A colleague asked for the opening of the proposals. It needs your confirmation.")
        page = where("proposals:opening", row.competition.code, row.code)
        found.to_do.append(Task(sentence, row.title, _("Look at the opening"), page))
    if award is not None and award.state == AwardState.IDENTITIES_REQUESTED and award.requested_by_id != person.pk:
        sentence = _("A colleague asked for the opening of the identities. It needs your confirmation.")
        page = where("awards:award", row.competition.code, row.code)
        found.to_do.append(Task(sentence, row.title, _("Look at the result"), page))


def _before_award(rows: Iterable[Challenge]) -> dict[str, Challenge]:
    """Return the challenges whose blind copies are written and whose report was not taken yet, by the code of their round. No query."""
    opened = [row for row in rows if hasattr(row, "opening") and row.opening.state == OpeningState.OPENED]
    return {row.opening.round_code: row for row in opened if not hasattr(row, "award")}


def _clearing(found: Tasks, rows: Iterable[Challenge]) -> None:
    """Ask the registrar for the blind copies that are written and that the jury does not read yet. One query, none without such."""
    opened = _before_award(rows)
    waiting = Round.objects.using(reviewing()).filter(code__in=opened, state=RoundState.DRAFT) if opened else ()
    for row in (opened[round_.code] for round_ in waiting):
        page = where("proposals:clearing", row.competition.code, row.code)
        found.to_do.append(Task(_("Clear the blind copies and release them to the jury."), row.title, _("Go to the clearing"), page))


def _jury_questions(found: Tasks, rows: Iterable[Challenge], held: _Held, person: User) -> None:
    """Ask the registrar for the questions and answers that wait, and a second person for a batch. Two queries, none where no jury may ask."""
    opened = _before_award(rows)
    if not opened:
        return
    using, registered = reviewing(), held.competitions(Role.REGISTRAR)
    batches = QuestionBatch.objects.using(using).filter(round__code__in=opened, state=QuestionBatchState.PROPOSED).exclude(proposed_by=person.pseudonym)
    for code in batches.values_list("round__code", flat=True):
        found.to_do.append(_ask(_("A colleague gathered the jury’s questions. They need your confirmation."), opened[code]))
    rest = Q(state=QuestionState.ASKED, batch=None) | Q(state=QuestionState.ANSWERED)
    waiting = Question.objects.using(using).filter(rest, entry__round__code__in=opened).order_by().values_list("entry__round__code", flat=True).distinct()
    for row in (opened[code] for code in waiting if opened[code].competition.code in registered):
        found.to_do.append(_ask(_("Questions of the jury, or answers to them, wait for the registrar."), row))


def _ask(sentence: str, row: Challenge) -> Task:
    return Task(sentence, row.title, _("Go to the questions"), where("proposals:jury_questions", row.competition.code, row.code))


def _reviews(found: Tasks, handles: Iterable[str], now: datetime) -> set[str]:
    """Add what the person's seats ask for; return the states of their rounds."""
    handles = list(handles)
    if not handles:
        return set()
    using = reviewing()
    rows = (
        Seat.objects.using(using).filter(handle__in=handles, is_absent=False)
        .select_related("round__report").defer("round__report__ranking", "round__report__reasons", "round__report__remarks")
        .annotate(
            has_signed=Exists(Signature.objects.using(using).filter(
                seat=OuterRef("pk"), report=OuterRef("round__report"), report_hash=OuterRef("round__report__hash")
            )),
        ).order_by("pk")
    )
    keys = {row.round.key for row in rows if row.is_chair and row.round.state == RoundState.COMPLETE}
    released = set(Ruling.objects.filter(key__in=keys, state=RulingState.RELEASED).values_list("key", flat=True)) if keys else set()
    for row in rows:
        _seat(found, row, now, is_decided=row.round.key in released)
    return {row.round.state for row in rows}


def _interests(found: Tasks, person: User) -> None:
    """Ask whoever judges for the ties that bar from judging."""
    told, page, about = Declaration.objects.filter(person=person).first(), where("interests:own"), _plain(_("My interests"))
    if told is None:
        found.to_do.append(Task(_("Tell whom and what you are tied to, before you judge."), about, _("Declare your interests"), page))
    else:
        found.done.append(Done(_("You have declared your interests. Tell of new ones at once."), about, page, told.confirmed_at))


def _seat(found: Tasks, row: Any, now: datetime, *, is_decided: bool) -> None:
    """Add what one seat asks for; is_decided: what the body chose has been released, so that no report is waited for."""
    round_, page = row.round, where("reviewing:round", row.round.code)
    report, left = getattr(round_, "report", None), row.assigned_count - row.done_count
    answer = where("reviewing:take", round_.code)
    if row.state == SeatState.INVITED:
        found.to_do.append(Task(_("A seat in a review round waits for you."), round_.title, _("Read the task and answer"), answer, round_.closes_at))
        return
    if not row.is_ready and round_.state != RoundState.COMPLETE:
        found.to_do.append(Task(_("The terms of a review round have changed."), round_.title, _("Read the changed terms"), answer, round_.closes_at))
        return
    if round_.state == RoundState.DRAFT:
        found.done.append(Done(_("You have accepted the task. The round is not open yet."), round_.title, answer, row.accepted_at))
    elif round_.state == RoundState.OPEN and left > 0 and now <= round_.closes_at:
        sentence = _("Review the entries. %(left)s of %(all)s are left.") % {"left": left, "all": row.assigned_count}
        found.to_do.append(Task(sentence, round_.title, _("Go on reviewing"), page, round_.closes_at))
    elif round_.state == RoundState.DISCUSSING:
        sentence = _("All have submitted. Discuss the entries and score them again.") if round_.scorings == 2 else _("All have submitted. Discuss the entries.")
        found.to_do.append(Task(sentence, round_.title, _("Go to the discussion"), page))
    elif report is not None and report.state == ReportState.SIGNING and not row.has_signed:
        found.to_do.append(Task(_("Read the report and sign it."), round_.title, _("Read the report"), where("reviewing:report", round_.code)))
    elif round_.state == RoundState.COMPLETE and row.is_chair and not is_decided and (report is None or report.state == ReportState.DRAFT):
        found.to_do.append(Task(_("All reviews are in. Write the report."), round_.title, _("Write the report"), where("reviewing:report", round_.code)))
    elif left <= 0:
        found.done.append(Done(_("You have submitted all your reviews."), round_.title, page, round_.completed_at))
    else:
        found.done.append(Done(_("The time for reviews is over."), round_.title, page, round_.closes_at))
