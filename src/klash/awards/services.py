"""From the jury's signed report to the winners: identities, decision, publication."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction

from klash.awards.models import Award, PastDecision, Placing
from klash.challenges.models import Challenge
from klash.challenges.services import tell_followers
from klash.competitions.services import tell_seconds
from klash.core import access, audit, checkpoints, clock, workflow
from klash.core.errors import Refused
from klash.post.services import queue
from klash.proposals.models import BlindLink, Opening
from klash.proposals.selectors import round_of
from klash.proposals.services import open_links, tell_teams
from klash.reviewing.models import Report
from klash.reviewing.selectors import report_of, unsigned
from klash.reviewing.services import complete_round, report_hash
from klash.rules.news import Happening
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import AwardState, ReportState
from klash.teams.models import Membership, Team


def close_judging(*, actor: Any, challenge: Challenge) -> None:
    """Complete the jury's round once every review is in. Raises Denied(NOT_ALL_SUBMITTED) or Refused(NOT_COMPLETE)."""
    access.ensure(actor, Permission.RUN_COMPETITION, challenge)
    round_ = round_of(challenge)
    if round_ is None:
        raise Refused(Reason.NOT_COMPLETE, "the jury's round is not prepared")
    complete_round(actor=actor, round=round_)


@transaction.atomic
def take_report(*, actor: Any, challenge: Challenge) -> Award:
    """Take note of the report that every juror has signed; a second call finds the first.

    Raises Denied, or Refused(NOT_ALL_SIGNED) while a signature is missing or the text is not the one that was signed.
    """
    access.ensure(actor, Permission.RUN_COMPETITION, challenge)
    report = _signed_report(challenge)
    award, _ = Award.objects.get_or_create(challenge=challenge)
    workflow.lock(award)
    if not award.report_hash:
        award.report_hash = report.hash
        award.save(update_fields=["report_hash"])
        audit.record("award.report_taken", actor=actor, competition=award.chain, thing=f"award/{award.code}", body={"report_hash": report.hash})
    return award


@transaction.atomic
def request_identities(*, actor: Any, award: Award) -> Award:
    """Ask that identities be opened; another person opens them, and those who can are told. Raises Denied (no staff, not signed) or IllegalMove."""
    workflow.move(award, to=AwardState.IDENTITIES_REQUESTED, actor=actor, save={"requested_by": actor, "requested_at": clock.now()})
    challenge = award.challenge
    tell_seconds(
        asker=actor, competition=challenge.competition, step="identities", about=challenge.title, page="awards:award", of=challenge.code,
        event=f"award.identities_requested/{award.code}",
    )
    return award


@transaction.atomic
def open_identities(*, actor: Any, award: Award) -> Award:
    """Open who wrote which proposal and write each team's place with the jury's reasons, as the signed report has them.

    Raises Denied (no staff, not signed, the person who asked), IllegalMove, or Refused(NOT_ALL_SIGNED) if the report is not
    the one of which note was taken.
    """
    workflow.lock(award)  # before the map is opened: of two who press at once the second finds it open
    report = _signed_report(award.challenge)
    if report.hash != award.report_hash:
        raise Refused(Reason.NOT_ALL_SIGNED, "the report is not the one that was taken note of")
    access.ensure(actor, Permission.OPEN_IDENTITIES, award)
    links = open_links(award.challenge.opening) if award.state == AwardState.IDENTITIES_REQUESTED else {}
    workflow.move(
        award, to=AwardState.IDENTITIES_OPENED, actor=actor, save={"opened_by": actor, "opened_at": clock.now()},
        body={"report_hash": report.hash, "map": links},
    )
    teams = dict(BlindLink.objects.filter(opening__challenge=award.challenge).values_list("entry_code", "version__proposal__team"))
    Placing.objects.bulk_create(
        Placing(
            award=award, team_id=teams[row["entry"]], entry_code=row["entry"], place=row["place"], points=row["points"],
            reasons=report.reasons.get(row["entry"], ""),
        )
        for row in report.ranking
    )
    return award


@transaction.atomic
def decide_award(*, actor: Any, award: Award, decision: str, winners: Sequence[Team], is_invented: bool = False) -> Award:
    """Record the contracting entity's decision; it is a person's, not the jury's.

    winners: at least one team, each placed first by the jury. Raises Denied, IllegalMove, Refused(NO_REASON_GIVEN) or
    Refused(NOT_PLACED_FIRST).
    """
    workflow.lock(award)
    access.ensure(actor, Permission.DECIDE_AWARD, award)
    if not decision.strip():
        raise Refused(Reason.NO_REASON_GIVEN)
    if award.state == AwardState.IDENTITIES_OPENED:
        _ensure_first(award, winners)
    workflow.move(
        award, to=AwardState.DECIDED, actor=actor, body={"winners": sorted(team.code for team in winners)},
        save={"decision": decision.strip(), "decision_is_invented": is_invented, "decided_by": actor, "decided_at": clock.now()},
    )
    Placing.objects.filter(award=award, team__in=winners).update(is_winner=True)
    return award


@transaction.atomic
def correct_award(*, actor: Any, award: Award, decision: str, winners: Sequence[Team], reason: str, is_invented: bool = False) -> Award:
    """Put a new version in the place of a published decision, by the person who may decide; the old one stays beside it in public.

    The public page and the feed show it at once, and every team gets it by mail with the reason. What the jury signed stays as it is.
    Raises Denied (no organiser, not published), Refused(NO_REASON_GIVEN), Refused(NOT_PLACED_FIRST), or Refused(WRONG_STATE) where nothing changes.
    """
    workflow.lock(award)
    access.ensure(actor, Permission.CORRECT_AWARD, award)
    if not decision.strip() or not reason.strip():
        raise Refused(Reason.NO_REASON_GIVEN)
    _ensure_first(award, winners)
    old, now = list(Placing.objects.filter(award=award, is_winner=True)), clock.now()
    if decision.strip() == award.decision and {row.team_id for row in old} == {team.pk for team in winners}:
        raise Refused(Reason.WRONG_STATE, "the decision is the one that stands")
    past = PastDecision.objects.create(
        award=award, number=award.past.count() + 1, decision=award.decision, decision_is_invented=award.decision_is_invented,
        decided_at=award.decided_at or now, reason=reason.strip(), corrected_by=actor, corrected_at=now,
    )
    past.winners.set([row.team_id for row in old])
    award.decision, award.decision_is_invented, award.decided_by, award.decided_at = decision.strip(), is_invented, actor, now
    award.save(update_fields=["decision", "decision_is_invented", "decided_by", "decided_at"])
    Placing.objects.filter(award=award).update(is_winner=False)
    Placing.objects.filter(award=award, team__in=winners).update(is_winner=True)
    body = {"winners": sorted(team.code for team in winners), "version": past.number + 1, "reason": past.reason, "decision": audit.sha256(award.decision)}
    audit.record("award.corrected", actor=actor, competition=award.chain, thing=f"award/{award.code}", body=body, at=now)
    _tell_correction(award, past, [team.name for team in winners])
    tell_followers(award.challenge, Happening.WINNERS_CORRECTED, f"award.corrected/{award.code}/{past.number}")
    return award


def _ensure_first(award: Award, winners: Sequence[Team]) -> None:
    chosen, first = {team.pk for team in winners}, set(Placing.objects.filter(award=award, place=1).values_list("team", flat=True))
    if not chosen or chosen - first:
        raise Refused(Reason.NOT_PLACED_FIRST)


def _tell_correction(award: Award, past: PastDecision, winners: Sequence[str]) -> None:
    """Queue word of a correction to every member of every team whose proposal was opened."""
    teams = BlindLink.objects.filter(opening__challenge=award.challenge).values("version__proposal__team")
    for member in Membership.objects.filter(team__in=teams).select_related("person").order_by("pk"):
        queue(
            to=member.person.email, language=member.person.language, template="awards_corrected", event=f"award.corrected/{award.code}/{past.number + 1}",
            context={"award": award, "challenge": award.challenge, "reason": past.reason, "winners": sorted(winners)},
        )


@transaction.atomic
def publish_winners(*, actor: Any, award: Award) -> Award:
    """Publish the winners at once: the public page and the feed show them, every team gets its place and reasons by mail.

    Now teams hear, too, what the registrar left out of their blind copy, or why it was not judged.

    Raises Denied or IllegalMove.
    """
    workflow.move(award, to=AwardState.PUBLISHED, actor=actor, save={"published_at": clock.now()})
    transaction.on_commit(partial(_reveal_log, award.challenge.competition_id))
    tell_teams(challenge=award.challenge)
    tell_followers(award.challenge, Happening.WINNERS_PUBLISHED, f"award.published/{award.code}")
    placings = list(Placing.objects.filter(award=award).select_related("team").order_by("place", "team__name"))
    people: dict[int, list[Membership]] = {}
    for member in Membership.objects.filter(team__in=[row.team_id for row in placings]).select_related("person").order_by("pk"):
        people.setdefault(member.team_id, []).append(member)
    winners = [row.team.name for row in placings if row.is_winner]
    for row in placings:
        context = {"placing": row, "team": row.team, "award": award, "challenge": award.challenge, "winners": winners, "count": len(placings)}
        for member in people.get(row.team_id, []):
            queue(
                to=member.person.email, language=member.person.language, template="awards_result", context=context,
                event=f"award.published/{award.code}/{row.team.code}",
            )
    return award


def _reveal_log(competition: int) -> None:
    """Publish what the blinded checkpoints held once the last challenge of the competition is decided."""
    openings = Opening.objects.filter(challenge__competition=competition).select_related("challenge__competition")
    decided = set(Award.objects.published().filter(challenge__competition=competition).values_list("challenge", flat=True))
    if (opened := list(openings)) and all(row.challenge_id in decided for row in opened):
        checkpoints.reveal(opened[0].chain)


def _signed_report(challenge: Challenge) -> Report:
    """Return the report if every juror has signed exactly this text; asked of the rows, not of the state alone."""
    round_ = round_of(challenge)
    report = report_of(round_) if round_ is not None else None
    if report is None or report.state != ReportState.SIGNED or unsigned(report) or report.hash != report_hash(report):
        raise Refused(Reason.NOT_ALL_SIGNED)
    return report
