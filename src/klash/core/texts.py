"""The sentences behind each Reason: what happened, which rule, what next."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from klash.rules.reasons import Reason

REASONS: dict[Reason, Promise] = {
    Reason.NOT_SIGNED_IN: _("You are not signed in. Sign in and try again."),
    Reason.NOT_YOURS: _("This belongs to someone else. Only its owner may do this."),
    Reason.NO_ROLE: _("Your role in this competition does not allow this. Ask the organiser if you need it."),
    Reason.WRONG_STATE: _("This can no longer be done, since the matter has moved on. Open the page again to see where it stands."),
    Reason.NOT_OPEN_YET: _("It is too early for this. The stage has not reached the point where it can be done; the calendar tells when."),
    Reason.DEADLINE_PASSED: _("The deadline has passed. The published rule is the same for all. Ask the organiser if something prevented you."),
    Reason.INCOMPLETE: _("Something required is still missing. Fill in the sections that are marked and try again."),
    Reason.TEAM_TOO_SMALL: _("The team has too few members. Invite more members before you submit."),
    Reason.TEAM_TOO_LARGE: _("The team has too many members. The competition sets the largest size; remove a member first."),
    Reason.CHALLENGE_FULL: _("The challenge already has as many teams as the competition allows. Decline another application first or decline this one."),
    Reason.OTHER_SIDE: _("This person already has a part in the competition that may not be combined with this one. One person stands on one side only. Choose another person."),
    Reason.SAME_PERSON: _("This step needs two different persons. Ask another person who has the right to confirm it."),
    Reason.NOT_ALL_SUBMITTED: _("Not all reviews have been submitted. The result is formed when everyone has submitted theirs."),
    Reason.NOT_ALL_SIGNED: _("Not every juror has signed the report. Identities can be opened after the last signature."),
    Reason.ALREADY_SIGNED: _("You have already signed this version of the report. Nothing more is needed from you."),
    Reason.CONFLICT: _("A conflict of interest bars this. Ask the organiser for another task."),
    Reason.IN_CONFLICT: _("This person has a conflict of interest and cannot judge here. Choose another person."),
    Reason.FROZEN: _("This was announced and can no longer change. The rules stay the same for everyone until the end."),
    Reason.NO_REASON_GIVEN: _("A reason is required, since others will read it. Write it and try again."),
    Reason.DEADLINE_EARLIER: _("A deadline can only move later, and only while it still runs. Choose a later time."),
    Reason.NOT_COMPLETE: _("The matter is not complete yet. Finish the steps before this one first."),
    Reason.DOUBLE_BOOKED: _("The team or the mentor already has a session at that time. Choose another slot."),
    Reason.NOT_ADMITTED: _("The team has not been admitted to the contest, so it cannot submit a proposal."),
    Reason.INVITATION_VOID: _("This invitation is no longer valid. It may have expired or been used. Ask the sender for a new one."),
    Reason.OTHER_ADDRESS: _("This invitation was sent to another e-mail address. Sign in with that address."),
    Reason.TEXT_CHANGED: _("Someone else saved this text while you were writing. Both versions are shown below; join them and save again."),
    Reason.PAGE_CHANGED: _("What this page shows has changed since you opened it. Nothing was done. Read the page again and then go on."),
    Reason.FILE_NOT_PDF: _("The file is not a PDF. Save the document as a PDF and attach it again."),
    Reason.FILE_BROKEN: _("The PDF cannot be opened. It may be damaged. Save it again in the program that made it and attach the new file."),
    Reason.FILE_ENCRYPTED: _("The PDF is protected with a password. The jury could not open it. Save it without protection and attach it again."),
    Reason.FILE_TOO_LARGE: _("The file is larger than 20 MB. Make its pictures smaller or divide it into parts."),
    Reason.FILE_TOO_LONG: _("The PDF has more than 400 pages. Attach only what the jury needs to read."),
    Reason.TOO_MANY_FILES: _("A proposal can have at most 8 files. Remove a file before you attach another."),
    Reason.FILES_TOO_LARGE: _("The files of a proposal can take at most 60 MB together. Remove a file or attach a smaller one."),
    Reason.ALREADY_SENT: _("This form was already sent, with other contents. What was received then stands. Open the summary again to submit the text as it is now."),
    Reason.SENT_BEFORE: _("This form was already sent, with other contents. What was received then stands. Open the page again to send something else."),
    Reason.NOT_PLACED_FIRST: _("A winner must be a team that the jury placed first in the challenge. Choose at least one of them."),
    Reason.CLOSES_TOO_EARLY: _("The stage closes before it opens. Choose a later closing time."),
    Reason.OUT_OF_ORDER: _("The stage opens before the one ahead of it. Stages follow each other in the order of the calendar; choose a later opening time."),
    Reason.INPUT_STILL_OPEN: _("The stage decides on what can still be handed in at that time. Choose an opening time after the deadline."),
    Reason.BANDS_UNEVEN: _("The bands must cover the whole scale, each point once. Check where each band begins and ends."),
    Reason.NAME_TAKEN: _("This name is already in use here. Choose another."),
    Reason.NOBODY_JUDGES: _("Nobody is to review one of the entries. Assign a reviewer to each entry first."),
    Reason.QUOTA_FULL: _("The quota is full: no more can go on than was announced. Take the decision on another one back first."),
    Reason.FEWER_THAN_PROMISED: _("Fewer go on than was promised. Write the reason for it; it stands in the minutes."),
    Reason.PREVIEW_CHANGED: _("Something has changed since you looked at the mails. Nothing was sent. Look at them again and release them then."),
    Reason.HAS_BEGUN: _("The reviewer has begun with this entry. What has begun stays where it is."),
}


def sentence(reason: Reason) -> str:
    """Return the sentence for `reason` in the active language."""
    return str(REASONS[reason])
