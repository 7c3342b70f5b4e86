"""Juries judge blind copies and sign; identities are opened, the organiser decides, winners are published."""

from datetime import datetime, timedelta

from klash.awards import services as awards
from klash.awards.models import Award, Placing
from klash.challenges.models import Challenge
from klash.core import clock
from klash.core.databases import reviewing as alias
from klash.proposals import services as proposals
from klash.proposals.models import Opening, Proposal, TeamQuestion
from klash.proposals.selectors import fixed_set, round_key, round_of
from klash.replay.acts import bodies
from klash.replay.acts.teams import leader_of
from klash.replay.material import level_of, texts, words
from klash.replay.scene import Scene
from klash.reviewing import bridge
from klash.reviewing import selectors as reading
from klash.reviewing import services as reviewing
from klash.reviewing.models import Entry, Question, Report, Round
from klash.rules.states import AwardState, OpeningState, QuestionState, ReportState, RoundState
from klash.teams.models import Team

JURY = 5
QUESTIONS = (
    "Miten palvelu toimii kylissä, joissa ei ole verkkoyhteyttä?", "Kuka vastaa palvelusta kokeilun jälkeen?",
    "Mikä on puhelinnumeronne? Oma numeroni on 040 123 4567.",
)
ANSWER = "Palvelun voi tilata myös puhelimella. Kylän kioski välittää tilaukset niille, joilla ei ole verkkoyhteyttä."
RETURNED = "Tiimi ei voi vastata tähän kertomatta, kuka se on."
CLEARED = "Puhelinnumerosta voi päätellä, kenen ehdotus on."


def judge(scene: Scene) -> None:
    """Open the proposals by two persons, judge the blind copies, and sign the reports."""
    for name, challenge in scene.each(scene.challenges()):
        if fixed_set(challenge):
            _judge(scene, name, challenge)
            scene.say(f"the jury judged without names and signed: {challenge.title['fi']}")


def _judge(scene: Scene, name: str, challenge: Challenge) -> None:
    span = scene.span("judging")
    clock.hold(span.opens_at + timedelta(hours=1))
    round_ = proposals.prepare_jury(
        actor=scene.organiser, challenge=challenge, opens_at=span.opens_at + timedelta(hours=2), closes_at=span.closes_at - timedelta(days=10)
    )
    if round_.state == RoundState.DRAFT:
        reviewing.set_up_round(actor=scene.organiser, round=round_, peer_view="discussion", scorings=2)
    if round_.state != RoundState.COMPLETE:
        bodies.seat(
            scene, round_, f"juror.{name}.{{}}", JURY,
            lambda person, is_chair: proposals.seat_juror(actor=scene.organiser, challenge=challenge, person=person, is_chair=is_chair),
        )
        if bodies.fresh(round_).state == RoundState.DRAFT:
            _declare(scene, name, challenge, round_)
        _open(scene, challenge)
        begins_at = _ask(scene, challenge, span.opens_at + timedelta(hours=3)) if round_.takes_questions else span.opens_at + timedelta(hours=3)
        best = _known_winners(scene, name, challenge, round_)
        bodies.judge(scene, round_, best, "jury_comments", begins_at, span.closes_at - timedelta(days=11))
        bodies.discuss(scene, round_, span.closes_at - timedelta(days=10), span.closes_at - timedelta(days=9, hours=2))
        clock.hold(span.closes_at - timedelta(days=9))
        reviewing.complete_round(actor=scene.organiser, round=bodies.fresh(round_))
    _report(scene, bodies.fresh(round_), span.closes_at - timedelta(days=8))


def _known_winners(scene: Scene, name: str, challenge: Challenge, round_: Round) -> set[str]:
    """Return the code names of those who won in the facts. Whose a blind copy is lies sealed: the rehearsal knows them by the titles that it wrote."""
    winners = {team.name for team in scene.facts.teams if team.id in {row.team for row in scene.facts.winners if row.challenge == name}}
    titles = {proposal.title for proposal in Proposal.objects.filter(team__challenge=challenge, team__name__in=winners)}
    return {code for code, title in {row.code: row.title for row in reading.dealt(round_)}.items() if title in titles}


def _declare(scene: Scene, name: str, challenge: Challenge, round_: Round) -> None:
    """Let a deputy wait, and one juror declare a tie: the deputy takes the seat, and nobody learns because of which team."""
    scene.someone(f"deputy.{name}.1", lambda person: proposals.name_deputy(actor=scene.organiser, challenge=challenge, person=person))
    friend = leader_of(Team.objects.admitted().filter(challenge=challenge).order_by("pk")[0])
    bodies.declare(scene, round_, {2: {"kind": "cooperation", "about": "person", "name": friend.name, "email": friend.email}})


def _open(scene: Scene, challenge: Challenge) -> None:
    opening = proposals.request_opening(actor=scene.registrar, challenge=challenge)
    if opening.state == OpeningState.REQUESTED:
        other = scene.registrar if opening.requested_by == scene.organiser else scene.organiser
        opening = proposals.confirm_opening(actor=other, opening=opening)
    opening = proposals.open_proposals(actor=scene.registrar, opening=opening)
    _release(scene, opening)


def _release(scene: Scene, opening: Opening) -> None:
    """Let the registrar clear each copy, with the telephone numbers left out that a team forgot in its text, and release them together."""
    round_ = round_of(opening.challenge)
    if round_ is not None and round_.state == RoundState.DRAFT:
        for entry in reading.uncleared_copies(round_):
            for words in {spot.words for spot in bridge.spots(entry, []) if spot.kind == "phone"}:
                reviewing.leave_out_words(actor=scene.registrar, entry=entry, words=words, reason=CLEARED, seen=reading.content_hash(entry))
            reviewing.clear_copy(actor=scene.registrar, entry=entry, seen=reading.content_hash(entry))
    proposals.release_copies(actor=scene.registrar, opening=opening)


def _ask(scene: Scene, challenge: Challenge, when: datetime) -> datetime:
    """Let two jurors ask about an entry each and one ask too much; one team answers, the other does not. Return when the jury has read it."""
    answers_by, releases_at = when + timedelta(days=3), when + timedelta(days=5)
    clock.hold(when)
    round_, opening = _round_of(challenge), Opening.objects.select_related("challenge__competition").get(challenge=challenge)
    if reading.minutes(round_, when):
        return releases_at
    bodies.accept(scene, round_)
    entries = Entry.objects.using(alias()).filter(round=round_, is_excluded=False).select_related("round").order_by("code")
    for (_, seat), entry, text in zip(bodies.people_of(round_), (*entries[:2], entries[0]), QUESTIONS, strict=False):
        reviewing.ask_question(actor=seat, entry=entry, text=text)
    for question in reading.waiting_questions(round_):
        if bridge.spots_in(round_, question.text):
            reviewing.return_question(actor=scene.registrar, question=question, reason=RETURNED)
    batch = proposals.propose_questions(actor=scene.registrar, opening=opening, answers_by=answers_by, releases_at=releases_at)
    proposals.send_questions(actor=scene.organiser, opening=opening, batch=batch)
    clock.hold(when + timedelta(days=1))
    asked = TeamQuestion.objects.filter(batch=batch.code).select_related("proposal__team__challenge__competition").order_by("proposal__team__name")[0]
    proposals.answer_question(actor=leader_of(asked.proposal.team), question=asked, text=ANSWER)
    clock.hold(answers_by + timedelta(hours=1))
    proposals.carry_questions()
    for row in Question.objects.using(alias()).filter(batch=batch, state=QuestionState.ANSWERED).select_related("entry__round"):
        reviewing.clear_answer(actor=scene.registrar, question=row, seen=row.answers.using(alias()).latest("number").hash)
    clock.hold(releases_at)
    return releases_at


def _round_of(challenge: Challenge) -> Round:
    return Round.objects.using(alias()).get(key=round_key(challenge))


def _report(scene: Scene, round_: Round, when: datetime) -> None:
    clock.hold(when)
    seats, report = [seat for _, seat in bodies.people_of(round_)], reading.report_of(round_)
    if report is None or report.state == ReportState.DRAFT:
        report = _write(scene, round_, report)
    for seat in seats:
        if report.state == ReportState.SIGNING and not report.signatures.filter(seat=seat, report_hash=report.hash).exists():
            reviewing.sign_report(actor=seat, report=report, report_hash=report.hash)


def _write(scene: Scene, round_: Round, draft: Report | None) -> Report:
    chair = next(seat for _, seat in bodies.people_of(round_) if seat.is_chair)
    kept = {code: text for code, text in (draft.reasons if draft else {}).items() if text.strip()}
    report = reviewing.draft_report(actor=chair, round=round_, reasons={**_reasons(scene, round_), **kept}, remarks=draft.remarks if draft else "")
    return reviewing.send_for_signing(actor=chair, report=report)


def _reasons(scene: Scene, round_: Round) -> dict[str, str]:
    """Return a reason for each place, in words that suit the score, none of them twice in a report."""
    given, pool = {}, texts("feedback")["report_reasons"]
    for turn, row in enumerate(reading.ranking(round_)):
        level = "winner" if row.place == 1 else level_of(float(row.mean))
        given[row.entry_code] = words(scene.draw("reasons", round_.key, level).deal(pool[level], turn), "fi")
    return given


def award(scene: Scene) -> None:
    """Open identities by two persons, decide, and publish the winners."""
    begins_at = scene.reached(scene.spans["award"].opens_at)
    for _, challenge in scene.challenges():
        round_ = round_of(challenge)
        if round_ is None or reading.report_of(round_) is None:
            scene.say(f"no proposals, no winner: {challenge.title['fi']}")
            continue
        clock.hold(begins_at + timedelta(minutes=10))
        row = awards.take_report(actor=scene.organiser, challenge=challenge)
        _decide(scene, row)
        clock.hold(begins_at + timedelta(hours=1))
        if row.state == AwardState.DECIDED:
            awards.publish_winners(actor=scene.organiser, award=row)
        winners = Placing.objects.filter(award=row, is_winner=True).values_list("team__name", flat=True)
        scene.say(f"{challenge.title['fi']}: {', '.join(winners)} wins")


def _decide(scene: Scene, row: Award) -> None:
    if row.state == AwardState.AWAITING_REPORT:
        awards.request_identities(actor=scene.registrar, award=row)
    if row.state == AwardState.IDENTITIES_REQUESTED:
        other = scene.registrar if row.requested_by == scene.organiser else scene.organiser
        awards.open_identities(actor=other, award=row)
    if row.state == AwardState.IDENTITIES_OPENED:
        first = Placing.objects.filter(award=row, place=1).select_related("team").order_by("team__name")[:1]
        reason = words(scene.draw("award", row.challenge.code).pick(texts("feedback")["decision_reasons"]), "fi")
        awards.decide_award(actor=scene.organiser, award=row, decision=reason, winners=[placing.team for placing in first], is_invented=True)
