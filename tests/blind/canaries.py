"""A word of its own in every field of every row that somebody may not see, and who may see it by `rules.visibility`."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from klash.accounts.models import ReviewerHandle, RoleGrant, User
from klash.awards.models import Award, Placing
from klash.challenges.models import TEXTS, BriefComment, BriefVersion, Challenge, PublicQuestion, Suggestion
from klash.competitions.models import Competition, Ruling, RulingLine
from klash.competitions.usual_forms import CODES
from klash.core import clock, sealing
from klash.core.models import AuditEvent
from klash.files import blobs
from klash.mentoring.models import Advice, DiaryEntry, Material, Session, SessionFeedback, TeamNeeds
from klash.portal.selectors.record import decided
from klash.post.models import Message
from klash.problems.models import PUBLIC_STATES, Filing, JoinRequest, Problem, Screening, Support, Talk, TalkMessage
from klash.problems.services import people_of
from klash.proposals.models import Baseline, BlindLink, CopyNote, Proposal, ProposalFile, TeamQuestion, Version
from klash.proposals.services.sealing import PICTURE, read_first_page
from klash.reviewing.models import Entry, Question, Redaction, Remark, Report, Review, Round, Seat, SecondReview
from klash.rules.roles import SIDE_OF, Role, Side
from klash.rules.visibility import Field, Moment, Viewer, may_see
from klash.teams.models import Ad, Application, Membership, NoticeFacts, Team
from tests.blind.checks import said
from tests.blind.crawl import Reply
from tests.guards import unguard, unguard_minutes

WORD = re.compile(rb"qz[a-z]+q\d+qz", re.IGNORECASE)
F, M, V = Field, Moment, Viewer


@dataclass(frozen=True)
class Planted:
    """A word's field, the moment at which its thing stands, and who is what to the thing. about: the challenge, where there is one."""

    field: Field
    moment: Moment
    viewers: dict[Viewer, frozenset[int]]
    about: str = ""

    def allows(self, person: int) -> bool:
        return may_see(self.field, {viewer for viewer, people in self.viewers.items() if person in people}, self.moment)


@dataclass
class Garden:
    """All that was planted: word -> Planted. staff: who runs the competition; registrars: who of them clears copies."""

    words: dict[str, Planted] = field(default_factory=dict)
    staff: frozenset[int] = frozenset()
    registrars: frozenset[int] = frozenset()

    def plant(self, what: Field, moment: Moment, about: str = "", **viewers: Iterable[int]) -> str:
        word = f"qz{what.value.replace('_', '')}q{len(self.words)}qz"
        people = {V[name]: frozenset(given) for name, given in {**viewers, "STAFF": self.staff, "REGISTRAR": self.registrars}.items()}
        self.words[word] = Planted(what, moment, people, about)
        return word

    def faults(self, who: str, person: int, replies: Iterable[Reply]) -> list[str]:
        """Return the words that a person found and may not see, and the pages that broke."""
        found = []
        for row in replies:
            seen = {word.decode().lower() for word in WORD.findall(said(row))}
            found += [f"{who} {row.where}: {self.words[word].field} at {self.words[word].moment.name}" for word in seen if not self.words[word].allows(person)]
            found += [f"{who} {row.where}: code_with_team" for code in self._of(seen, F.CODE_NAME) if not self._may_join(seen, code, person)]
            found += [f"{who} {row.where}: status {row.status}"] if row.status >= 500 else []
        return sorted(set(found))

    def found(self, replies: Iterable[Reply]) -> set[Field]:
        """Return the fields of which somebody found a word."""
        return {self.words[word.decode().lower()].field for row in replies for word in WORD.findall(row.everything)}

    def _of(self, seen: set[str], what: Field) -> list[Planted]:
        return [self.words[word] for word in seen if self.words[word].field is what]

    def _may_join(self, seen: set[str], code: Planted, person: int) -> bool:
        together = any(team.about == code.about for team in self._of(seen, F.TEAM_NAME))
        return not together or may_see(F.CODE_WITH_TEAM, [viewer for viewer, people in code.viewers.items() if person in people], code.moment)

def plant(competition: str) -> Garden:
    """Overwrite what people wrote, and their names, in both databases. Call inside what is thrown away afterwards."""
    unguard()
    unguard_minutes()
    garden = Garden(staff=_holders(competition, Role.ORGANISER, Role.REGISTRAR), registrars=_holders(competition, Role.REGISTRAR))
    for act in (_problems, _screenings, _together, _rulings, _challenges, _teams, _ads, _talks, _sessions, _team_words, _proposals, _questions, _reviews, _juries, _mails, _people):
        act(garden, competition)
    return garden


def _holders(competition: str, *roles: Role, challenge: str = "") -> frozenset[int]:
    rows = RoleGrant.objects.filter(standing__competition=competition, role__in=roles, ended_at=None)
    return frozenset((rows.filter(challenge=challenge) if challenge else rows).values_list("standing__person", flat=True))


def _seated(round_: Round | None) -> dict[str, int]:
    """Return the persons of a round by their handle."""
    handles = list(Seat.objects.filter(round=round_).values_list("handle", flat=True)) if round_ else []
    return dict(ReviewerHandle.objects.filter(handle__in=handles).values_list("handle", "person"))


def _round(kind: str, name: str) -> Round | None:
    return Round.objects.filter(key=f"{kind}/{name}").first()


def _set(row, using: str = "default", **columns) -> None:
    type(row)._base_manager.using(using).filter(pk=row.pk).update(**columns)


def _write(words: Callable[[], str], names: Iterable[str]) -> dict[str, str]:
    return {name: words() for name in names}


def _reads(round_: Round | None, open_: Moment, complete: Moment, before: Moment) -> Moment:
    if round_ is None or round_.state == "draft" or clock.now() < round_.opens_at:
        return before
    return complete if round_.state == "complete" else open_


def _problems(garden: Garden, competition: str) -> None:
    round_ = _round("problems", competition)
    for row in Problem.objects.filter(competition__code=competition):
        moment = _reads(round_, M.PANEL_READS, M.PROBLEMS_JUDGED, M.PROBLEM_SUBMITTED) if row.state in PUBLIC_STATES else M.WRITTEN
        moment = M.FEEDBACK_RELEASED if row.feedback_released_at else moment
        own = {"OWN": [row.officer_id, *row.writers.values_list("person", flat=True)]}
        texts = _write(lambda m=moment, o=own: garden.plant(F.PROBLEM_TEXT, m, **o), ("title", "summary"))
        texts["answers"] = _write(lambda m=moment, o=own: garden.plant(F.PROBLEM_TEXT, m, **o), CODES["problem_call"])
        told = [name for name in ("reason", "feedback") if getattr(row, name)]
        _set(row, **texts, **_write(lambda m=moment, o=own: garden.plant(F.PROBLEM_FEEDBACK, m, **o), told))


def _together(garden: Garden, competition: str) -> None:
    for row in Support.objects.filter(problem__competition__code=competition).select_related("problem"):
        _set(row, word=garden.plant(F.PROBLEM_TEXT, M.PROBLEM_SUBMITTED if row.problem.state in PUBLIC_STATES else M.WRITTEN, OWN=[row.person_id]))
    for request in JoinRequest.objects.filter(problem__competition__code=competition).select_related("problem"):
        people = [request.person_id, request.problem.officer_id]
        _set(request, **_write(lambda p=people: garden.plant(F.JOIN_WORD, M.WRITTEN, OWN=p), ("word", "answer")))
    for filing in Filing.objects.filter(problem__competition__code=competition).select_related("problem"):
        _set(filing, **_write(lambda o=filing.problem.officer_id: garden.plant(F.PROBLEM_REPORTER, M.WRITTEN, OWN=[o]), ("in_name_of", "source")))


def _talks(garden: Garden, competition: str) -> None:
    for row in TalkMessage.objects.filter(talk__competition__code=competition).select_related("talk__begun_by"):
        _set(row, text=garden.plant(F.TALK, M.WRITTEN, OWN=[person.pk for person in people_of(row.talk)]))


def _screenings(garden: Garden, competition: str) -> None:
    for row in Screening.objects.filter(problem__competition__code=competition).exclude(reason=""):
        moment = M.FEEDBACK_RELEASED if row.problem.state == "not_eligible" else M.WRITTEN
        _set(row, reason=garden.plant(F.PROBLEM_FEEDBACK, moment))


def _rulings(garden: Garden, competition: str) -> None:
    for row in RulingLine.objects.filter(ruling__competition__code=competition):
        _set(row, **_write(lambda: garden.plant(F.PENDING_DECISION, M.WRITTEN), ("reason", "feedback")))
    for ruling in Ruling.objects.filter(competition__code=competition):
        _set(ruling, fewer_reason=garden.plant(F.PENDING_DECISION, M.WRITTEN))


def _challenges(garden: Garden, competition: str) -> None:
    for row in Challenge.objects.filter(competition__code=competition):
        moment = M.CHALLENGE_PUBLISHED if row.published_at else M.WRITTEN
        pilots = _holders(competition, Role.PILOT_OFFICER, challenge=row.code)
        texts = {name: {"fi": garden.plant(F.BRIEF, moment, row.code, PILOT=pilots)} for name in TEXTS}
        award = Award.objects.filter(challenge=row).first()
        if award is not None and award.decision:
            _set(award, decision=garden.plant(F.DECISION, M.WINNERS_PUBLISHED if award.published_at else M.DECIDED, row.code))
        _set(row, **texts)
        _brief_talk(garden, row, pilots)
        _public_questions(garden, row, pilots)


def _brief_talk(garden: Garden, challenge: Challenge, pilots: frozenset[int]) -> None:
    """Plant what is said about a brief, its versions that nobody outside has read, and a change that is not public yet."""
    def word() -> str:
        return garden.plant(F.BRIEF_TALK, M.WRITTEN, challenge.code, PILOT=pilots)

    if challenge.pending:
        pending = {**challenge.pending, "texts": {name: {"fi": word()} for name in TEXTS}}
        _set(challenge, pending=pending, pending_reason=word())
    for comment in BriefComment.objects.filter(challenge=challenge):
        _set(comment, text=word())
    for suggestion in Suggestion.objects.filter(challenge=challenge):
        _set(suggestion, **_write(word, ("before", "text", "why", "answer")))
    for version in BriefVersion.objects.filter(challenge=challenge, edition=None):
        _set(version, content={**version.content, "texts": {name: {"fi": word()} for name in TEXTS}})


def _public_questions(garden: Garden, challenge: Challenge, pilots: frozenset[int]) -> None:
    now = clock.now()
    PublicQuestion.objects.create(challenge=challenge, text="Entä lapset?", email="kuka@klash.invalid", asked_at=now, confirmed_at=now)
    for row in PublicQuestion.objects.filter(challenge=challenge):
        own = {"PILOT": pilots, "OWN": [row.asker_id] if row.asker_id else []}
        moment = M.PUBLIC_ANSWERS_RELEASED if row.state == "released" else M.WRITTEN
        answer = {name: {"fi": garden.plant(F.PUBLIC_ANSWER, moment, challenge.code, **own)} for name in ("wording", "answer") if getattr(row, name)}
        email = f"{garden.plant(F.ASKER, M.WRITTEN)}@klash.invalid" if row.email else ""
        _set(row, text=garden.plant(F.PUBLIC_QUESTION, M.WRITTEN, challenge.code, **own), email=email, **answer)


def _members(team: int) -> frozenset[int]:
    return frozenset(Membership.objects.filter(team=team).values_list("person", flat=True))


def _teams(garden: Garden, competition: str) -> None:
    for row in Team.objects.filter(challenge__competition__code=competition).select_related("challenge", "application"):
        application: Application = row.application
        round_ = _round("applications", row.challenge.code)
        judged = _reads(round_, M.TEAM_PANEL_READS, M.APPLICATIONS_JUDGED, M.WRITTEN) if application.entry_code else M.WRITTEN
        told = M.ADMISSIONS_RELEASED if application.released_at else judged
        public = told if application.state == "admitted" else judged
        people = {"OWN": _members(row.pk), "PANEL": _seated(round_).values() if application.entry_code else []}
        name, summary = (garden.plant(what, public, row.challenge.code, **people) for what in (F.TEAM_NAME, F.TEAM_SUMMARY))
        _set(row, name=name, summary=summary)
        given = [name for name in ("reason", "feedback") if getattr(application, name)]
        reason = _write(lambda t=told, p=people: garden.plant(F.ADMISSION_REASON, t, **p), given)
        _set(application, answers=_write(lambda j=judged, p=people: garden.plant(F.APPLICATION_TEXT, j, **p), CODES["team_call"]), **reason)
        for member in Membership.objects.filter(team=row):
            _set(member, **_write(lambda p=people: garden.plant(F.MEMBER_PART, M.WRITTEN, **p), ("own_role", "own_skills")))
        for facts in NoticeFacts.objects.filter(team=row):
            _set(facts, **_write(lambda p=people: garden.plant(F.NOTICE_FACT, M.WRITTEN, **p), ("country", "size")))
        for entry in Entry.objects.filter(code=application.entry_code or "-"):
            text = [{**section, "text": garden.plant(F.APPLICATION_TEXT, judged, **people)} for section in entry.sections]
            _set(entry, "reviewing", author=name, title=summary, sections=text)


def _ads(garden: Garden, competition: str) -> None:
    for row in Ad.objects.filter(challenge__competition__code=competition).select_related("team"):
        _set(row, text=garden.plant(F.AD_TEXT, M.WRITTEN))
        own = row.team.memberships.get(is_leader=True).person_id if row.team else row.person_id
        for answer in row.answers.all():
            _set(answer, text=garden.plant(F.AD_ANSWER, M.WRITTEN, OWN=[own]))


def _sessions(garden: Garden, competition: str) -> None:
    for row in Session.objects.filter(slot__day__competition__code=competition).select_related("mentor", "team"):
        people = {"MENTOR": [row.mentor.person_id], "TEAM": _members(row.team_id)}
        wish = garden.plant(F.TEAM_NEED, M.WRITTEN, OWN=people["TEAM"], MENTOR=people["MENTOR"])
        _set(row, wish=wish, note=garden.plant(F.MENTOR_NOTE, M.WRITTEN, **people) if row.note else "")
        for advice in Advice.objects.filter(session=row):
            _set(advice, text=garden.plant(F.ADVICE, M.WRITTEN, **people), why=garden.plant(F.ADVICE, M.WRITTEN, **people) if advice.answer else "")
        for material in Material.objects.filter(session=row):
            teams = Team.objects.told().filter(challenge=row.team.challenge_id) if material.offered_at else [row.team]
            readers = {**people, "TEAM": frozenset().union(*(_members(team.pk) for team in teams))}
            _set(material, **_write(lambda r=readers: garden.plant(F.MATERIAL, M.WRITTEN, **r), ("title", "text")))
        for feedback in SessionFeedback.objects.filter(session=row):
            what = F.MENTOR_FEEDBACK if feedback.side == "mentor" else F.TEAM_FEEDBACK
            _set(feedback, text=garden.plant(what, M.WRITTEN, **people))


def _team_words(garden: Garden, competition: str) -> None:
    for needs in TeamNeeds.objects.filter(team__challenge__competition__code=competition):
        mentors = Session.objects.filter(team=needs.team_id).values_list("mentor__person", flat=True)
        people = {"OWN": _members(needs.team_id), "MENTOR": mentors}
        _set(needs, needs=[garden.plant(F.TEAM_NEED, M.WRITTEN, **people) for _ in needs.needs], avoid=garden.plant(F.TEAM_NEED, M.WRITTEN, **people))
    for entry in DiaryEntry.objects.filter(team__challenge__competition__code=competition):
        _set(entry, text=garden.plant(F.DIARY, M.WRITTEN, OWN=_members(entry.team_id)))


def _proposals(garden: Garden, competition: str) -> None:
    for row in Proposal.objects.filter(team__challenge__competition__code=competition):
        own = {"OWN": _members(row.team_id)}
        _set(row, texts=_write(lambda o=own: garden.plant(F.DRAFT_PROPOSAL, M.WRITTEN, **o), row.parts()))
        for before in Baseline.objects.filter(proposal=row):
            _set(before, texts=_write(lambda o=own: garden.plant(F.DRAFT_PROPOSAL, M.WRITTEN, **o), before.texts))
        for file in row.files.all():
            _set(file, name=f"{garden.plant(F.FILE_NAME, M.WRITTEN, **own)}.pdf")
        for version in Version.objects.filter(proposal=row):
            parts = version.manifest["parts"]
            parts = [{**part, "name": f"{garden.plant(F.FILE_NAME, M.WRITTEN, **own)}.pdf"} if "name" in part else part for part in parts]
            document = {**version.document, "manifest": {**version.manifest, "parts": parts}}
            pictures = [(page, read_first_page(version, page.part)) for page in version.first_pages.all()]
            version.receipt = garden.plant(F.RECEIPT, M.WRITTEN, **own)
            _set(version, document=document, receipt=version.receipt)
            for page, content in pictures:  # locked anew: they open only where they belong
                _set(page, blob=blobs.write(sealing.lock(content, version.context(PICTURE, page.part))))


def _questions(garden: Garden, competition: str) -> None:
    for row in TeamQuestion.objects.filter(proposal__team__challenge__competition__code=competition).select_related("proposal"):
        own = {"OWN": _members(row.proposal.team_id)}
        answer = {"answer": {"text": garden.plant(F.TEAM_ANSWER, M.WRITTEN, **own)}} if row.answered_at else {}
        _set(row, text={"text": garden.plant(F.JURY_QUESTION, M.PROPOSALS_OPENED, **own)}, **answer)
    for row in Question.objects.filter(entry__round__chain=competition).select_related("entry__round", "seat", "batch"):
        seats = _seated(row.entry.round)
        jury = {"JURY": seats.values() if row.state not in ("asked", "returned") else [], "OWN": [seats[row.seat.handle]]}
        answer = {"answer": garden.plant(F.TEAM_ANSWER, M.ANSWERS_RELEASED, JURY=seats.values())} if row.answer else {}
        _set(row, "reviewing", text=garden.plant(F.JURY_QUESTION, M.PROPOSALS_OPENED, **jury), **answer)


def _reviews(garden: Garden, competition: str) -> None:
    """Plant each panellist's comments; the jury's come with the rest of the jury's."""
    for row in Review.objects.filter(seat__round__chain=competition).exclude(seat__round__kind="proposals").select_related("seat__round"):
        moment = M.PROBLEMS_JUDGED if row.seat.round.state == "complete" else M.WRITTEN
        own = [person for handle, person in _seated(row.seat.round).items() if handle == row.seat.handle]
        _set(row, "reviewing", comment=garden.plant(F.PANEL_COMMENT, moment, OWN=own))


def _juries(garden: Garden, competition: str) -> None:
    for challenge in Challenge.objects.filter(competition__code=competition):
        round_ = _round("proposals", challenge.code)
        if round_ is None:
            continue
        moment, seats, award = _jury_moment(round_, challenge), _seated(round_), Award.objects.filter(challenge=challenge).first()
        jury = {"JURY": seats.values()}
        winners = set(Placing.objects.filter(award=award, is_winner=True).values_list("entry_code", flat=True)) if award else set()
        for review in Review.objects.filter(seat__round=round_).select_related("seat"):
            _set(review, "reviewing", comment=garden.plant(F.JUROR_COMMENT, moment, OWN=[seats[review.seat.handle]], **jury))
        for second in SecondReview.objects.filter(review__seat__round=round_).select_related("review__seat"):
            _set(second, "reviewing", comment=garden.plant(F.JUROR_COMMENT, moment, OWN=[seats[second.review.seat.handle]], **jury))
        for remark in Remark.objects.filter(seat__round=round_).select_related("seat"):
            _set(remark, "reviewing", text=garden.plant(F.JUROR_COMMENT, moment, OWN=[seats[remark.seat.handle]], **jury))
        report, codes = Report.objects.filter(round=round_).first(), {}
        for entry in Entry.objects.filter(round=round_):
            texts = [{**section, "text": garden.plant(F.BLIND_TEXT, moment, challenge.code, **jury)} for section in entry.sections]
            codes[entry.code] = garden.plant(F.CODE_NAME, moment, challenge.code, **jury)
            _set(entry, "reviewing", code=codes[entry.code], title=garden.plant(F.BLIND_TITLE, moment, challenge.code, **jury), sections=texts)
        for row in Redaction.objects.filter(entry__round=round_):
            _set(row, "reviewing", reason=garden.plant(F.CLEARING_REASON, moment, challenge.code))
        for row in CopyNote.objects.filter(version__proposal__team__challenge=challenge):
            _set(row, reason=garden.plant(F.CLEARING_REASON, moment, challenge.code))
        for model in (BlindLink, Placing):
            for row in model.objects.filter(entry_code__in=codes):
                reason = F.WINNING_REASON if row.entry_code in winners else F.REPORT_REASON
                more = {"reasons": garden.plant(reason, moment, challenge.code, **jury)} if model is Placing else {}
                _set(row, entry_code=codes[row.entry_code], **more)
        if report is not None:
            lines = [{**line, "entry": codes[line["entry"]]} for line in report.ranking]
            reasons = {codes[code]: garden.plant(F.REPORT_REASON, moment, challenge.code, **jury) for code in report.reasons}
            _set(report, "reviewing", ranking=lines, reasons=reasons, remarks=garden.plant(F.REPORT_REMARK, moment, challenge.code, **jury))


def _jury_moment(round_: Round, challenge: Challenge) -> Moment:
    award = Award.objects.filter(challenge=challenge).first()
    if award is not None:
        passed = {M.WINNERS_PUBLISHED: award.published_at, M.DECIDED: award.decided_at, M.IDENTITIES_OPENED: award.opened_at}
        for moment, at in passed.items():
            if at is not None:
                return moment
    if Report.objects.filter(round=round_, state="signed").exists():
        return M.REPORT_SIGNED
    return _reads(round_, M.PROPOSALS_OPENED, M.PROPOSALS_JUDGED, M.COPIES_WRITTEN if round_.entry_count else M.WRITTEN)


def _mails(garden: Garden, competition: str) -> None:
    people = dict(User.objects.values_list("email", "pk"))
    moment = M.WINNERS_PUBLISHED if decided(Competition.objects.filter(code=competition)) else M.WRITTEN
    for using in ("default", "reviewing"):
        for row in Message.objects.using(using).all():
            own = [people[row.to]] if row.to in people else []
            _set(row, using, subject=garden.plant(F.MAIL_SUBJECT, M.WRITTEN, OWN=own), body=garden.plant(F.MAIL_TEXT, M.WRITTEN, OWN=own))
        for event in AuditEvent.objects.using(using).filter(chain__competition=competition):
            if event.what.partition(".")[0] not in ("application", "problem"):  # their receipts are looked up by the thing
                _set(event, using, thing=garden.plant(F.AUDIT_EVENT if using == "default" else F.REVIEWING_EVENT, moment))


NAMED = {Side.JUDGING: F.REVIEWER_NAME, Side.RUNNING: F.STAFF_NAME}


def _writing_with(person: int) -> set[int]:
    """Return who writes a problem together with the person: they see each other on its page."""
    problems = Problem.objects.filter(Q(officer=person) | Q(writers__person=person))
    return {key for pair in problems.values_list("officer", "writers__person") for key in pair if key is not None}


def _written_to(person: User) -> list[int]:
    """Return who reads what the person has written in talks and to notices."""
    talks = Talk.objects.filter(messages__person=person).distinct()
    ads = Ad.objects.filter(answers__person=person)
    owners = [row.team.memberships.get(is_leader=True).person_id if row.team else row.person_id for row in ads]
    return [*(one.pk for talk in talks for one in people_of(talk)), *owners]


def _people(garden: Garden, competition: str) -> None:
    """Plant names and addresses by what the person is in the competition."""
    pilots = frozenset(RoleGrant.objects.filter(standing__competition=competition, role=Role.PILOT_OFFICER, ended_at=None).values_list("standing__person", flat=True))
    for person in User.objects.all():
        roles = {Role(role) for role in RoleGrant.objects.filter(standing__person=person, standing__competition=competition).values_list("role", flat=True)}
        if not roles and RoleGrant.objects.filter(standing__person=person).exists():
            continue  # belongs to another competition, whose staff may know the person
        team = Membership.objects.filter(person=person).values_list("team", flat=True).first()
        wishing = Team.objects.told().filter(challenge__competition__code=competition).values_list("pk", flat=True) if Role.MENTOR in roles else []
        people = {"OWN": _members(team) if team else [person.pk, *_writing_with(person.pk)], "TEAM": frozenset().union(*map(_members, wishing)), "PILOT": pilots, "PARTNER": _written_to(person)}
        sides = {SIDE_OF[role] for role in roles}
        what = F.MEMBER_NAME if team else next((named for side, named in NAMED.items() if side in sides), F.PROBLEM_REPORTER)
        what = F.MENTOR_NAME if Role.MENTOR in roles else F.REVIEWER_NAME if Role.PANELLIST in roles else what
        word = garden.plant(what, M.WRITTEN, **people)
        _set(person, name=word, email=f"{word}@klash.invalid")


def objects(competition: str, things: dict) -> dict[str, list[str]]:
    """Return the arguments of the addresses to try: what the cast owns, under the codes that it has after planting."""
    def first(rows) -> list[str]:
        return list(rows[:1])

    team = Team.objects.filter(code=things.get("team", ""))
    proposal = Proposal.objects.filter(team__in=team)
    rounds = Round.objects.filter(chain=competition).order_by("kind", "key")
    return {
        "competition": [competition], "challenge": first(Challenge.objects.order_by("number").values_list("code", flat=True)),
        "team": first(team.values_list("code", flat=True)), "member": [things.get("member_code", "nothing")], "kind": ["proposals"], "number": ["1"], "sheet": ["1"], "form": ["csv"], "language": ["fi"],
        "problems:code": [things["problem"]] if "problem" in things else [], "teams:code": [things["ad"]] if "ad" in things else [], "talk": [things["talk"]] if "talk" in things else [], "problems:other": [things["other_problem"]] if "other_problem" in things else [], "mentoring:code": [things[name] for name in ("session", "advice", "material", "diary_entry", "check_in") if name in things],
        "reviewing:code": [row.code for row in rounds], "entry_code": list(Entry.objects.filter(round__in=rounds).order_by("round", "code").values_list("code", flat=True)[:6:2]),
        "place": ["goal"], "challenges:code": [things[name] for name in ("public_question", "information_session") if name in things],
        "key": first(ProposalFile.objects.filter(proposal__in=proposal).values_list("file__key", flat=True)),
        "receipt": first(Version.objects.filter(proposal__in=proposal).values_list("receipt", flat=True)), "token": ["nothing"],
    } if Competition.objects.filter(code=competition).exists() else {}
