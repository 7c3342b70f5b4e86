"""The body's report: written by the chair, signed version by version."""

from collections.abc import Mapping

from django.db import transaction

from klash.core import access, audit, clock, workflow
from klash.core.databases import reviewing as alias
from klash.core.errors import Refused
from klash.reviewing import bridge
from klash.reviewing.hashes import report_hash
from klash.reviewing.models import Report, Round, Seat, Signature
from klash.reviewing.selectors import unsigned
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import ReportState


def draft_report(
    *, actor: Seat, round: Round, reasons: Mapping[str, str], remarks: str = "", clarify: Mapping[str, str] | None = None
) -> Report:
    """Write the chair's report: the ranking as counted and how firm it is, a reason and points to clarify per entry.

    clarify: entry code -> what is still to be asked; entries without are left out. None keeps what is there.
    A change makes a new version and voids signatures; the same text again changes nothing.
    Raises Denied (not the chair, or the round is not complete) or Refused(FROZEN) once everyone has signed.
    """
    using = alias()
    access.ensure(actor, Permission.WRITE_REPORT, Report(round=round))
    with transaction.atomic(using=using):
        workflow.lock(round)
        ranking = bridge.as_signed(bridge.rank_round(round))
        report, is_new = Report.objects.using(using).select_for_update().get_or_create(round=round, defaults={"ranking": ranking})
        if report.state == ReportState.SIGNED:
            raise Refused(Reason.FROZEN)
        text = {
            "ranking": ranking, "firmness": bridge.told_in_report(round), "reasons": dict(reasons), "remarks": remarks,
            "clarify": report.clarify if clarify is None else {entry: words for entry, words in clarify.items() if words.strip()},
        }
        if not is_new and all(getattr(report, name) == value for name, value in text.items()):
            return report
        if report.state == ReportState.SIGNING:
            workflow.move(report, to=ReportState.DRAFT, actor=actor)
        report.version += 0 if is_new else 1
        for name, value in text.items():
            setattr(report, name, value)
        report.hash = report_hash(report)
        report.save(using=using, update_fields=["version", *text, "hash"])
        audit.record("report.written", actor=actor, competition=round.chain, thing=f"report/{round.code}", body={"hash": report.hash}, using=using)
    return report


def send_for_signing(*, actor: Seat, report: Report) -> Report:
    """Ask every juror to sign this version; a version that was sent already stays as it is.

    Raises Denied (not the chair), IllegalMove (signed already) or Refused(INCOMPLETE) unless every entry has its reason.
    """
    with transaction.atomic(using=alias()):
        workflow.lock(report)
        access.ensure(actor, Permission.WRITE_REPORT, report)
        if report.state == ReportState.SIGNING:
            return report
        if any(not report.reasons.get(row["entry"], "").strip() for row in report.ranking):
            raise Refused(Reason.INCOMPLETE)
        return workflow.move(report, to=ReportState.SIGNING, actor=actor, body={"hash": report.hash})


def sign_report(*, actor: Seat, report: Report, report_hash: str) -> Report:
    """Sign the version with this hash; the last signature makes the report signed.

    Raises Denied (no seat, not sent for signing), Refused(PAGE_CHANGED) for another version than the one that was read, or Refused(ALREADY_SIGNED).
    """
    using = alias()
    with transaction.atomic(using=using):
        workflow.lock(report)
        access.ensure(actor, Permission.SIGN_REPORT, report)
        if report.hash != report_hash:
            raise Refused(Reason.PAGE_CHANGED)
        signature, is_new = Signature.objects.using(using).get_or_create(
            report=report, seat=actor, report_hash=report.hash, defaults={"signed_at": clock.now()}
        )
        if not is_new:
            raise Refused(Reason.ALREADY_SIGNED)
        audit.record("report.signature", actor=actor, competition=report.chain, thing=f"report/{report.code}", body={"hash": report.hash}, using=using)
        if not unsigned(report):
            workflow.move(report, to=ReportState.SIGNED, actor=actor, save={"signed_at": signature.signed_at}, body={"hash": report.hash})
    return report
