"""The sentences behind each Reason: what happened, which rule, what next."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from klash.rules.reasons import Reason

# Sentences of Django that the catalogues here word anew: those of the project come before its own.
OF_DJANGO = (
    _("This field is required."),
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).", "limit_value",
    ),
)
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
    Reason.ALREADY_REQUESTED: _("Somebody has already asked for this, and the request waits for another person. Confirm it or take it back first."),
    Reason.DEADLINE_EARLIER: _("A deadline can only move later, and only while it still runs. Choose a later time."),
    Reason.LATE_UNDECIDED: _("A proposal that came late waits for a decision. Decide on it first, then confirm the opening."),
    Reason.NOT_COMPLETE: _("The matter is not complete yet. Finish the steps before this one first."),
    Reason.DOUBLE_BOOKED: _("The team or the mentor already has a session at that time. Choose another slot."),
    Reason.NOT_ADMITTED: _("The team has not been admitted to the contest, so it cannot submit a proposal."),
    Reason.INVITATION_VOID: _("This invitation is no longer valid. It may have expired or been used. Ask the sender for a new one."),
    Reason.OTHER_ADDRESS: _("This invitation was sent to another e-mail address. Sign in with that address."),
    Reason.TEXT_CHANGED: _("Someone else saved this text while you were writing. Both versions are shown below; join them and save again."),
    Reason.PAGE_CHANGED: _("What this page shows has changed since you opened it. Nothing was done. Read the page again and then go on."),
    Reason.TEXT_TOO_LONG: _("The text would become longer than its field allows. Nothing was changed. Shorten the text and try again."),
    Reason.TOO_MANY_WORDS: _("A section has more words than the form allows. The draft is saved and nothing is lost. Shorten the section and submit then."),
    Reason.TOO_MANY_SECTIONS: _("The form can have at most 12 sections. Remove one before you add another."),
    Reason.FILE_BROKEN: _("The file cannot be opened. It may be damaged. Save it again in the program that made it and attach the new file."),
    Reason.FILE_ENCRYPTED: _("The PDF is protected with a password. The jury could not open it. Save it without protection and attach it again."),
    Reason.FILE_TOO_LARGE: _("The file is larger than 20 MB. Make its pictures smaller or divide it into parts."),
    Reason.FILE_TOO_LONG: _("The PDF has more than 400 pages. Attach only what the jury needs to read."),
    Reason.FILE_EMPTY: _("The file is empty. Check that it was saved to the end and attach it again."),
    Reason.FILE_KIND: _("The file is of a kind that cannot be attached. Attach a PDF, or a picture as PNG or JPEG."),
    Reason.FILE_OFFICE: _("An office file tells who has written it. Save the document as a PDF and attach that."),
    Reason.FILE_SVG: _("A picture as SVG can hold programs and names. Save it as PNG or as PDF and attach that."),
    Reason.FILE_VIDEO: _("Film and sound cannot be attached, since voices and faces tell who made them. Attach a PDF or a picture."),
    Reason.FILE_ARCHIVE: _("A compressed package cannot be attached. Take the files out of it and attach each by itself."),
    Reason.FILE_WRONG_NAME: _("The ending of the file's name does not match its contents. Name a PDF .pdf, a PNG picture .png and a JPEG picture .jpg, and attach it again."),
    Reason.FILE_TWO_KINDS: _("The file holds something else before its beginning or after its end. Save it again in the program that made it and attach the new file."),
    Reason.FILE_TOO_MANY_PIXELS: _("A picture may have at most 50 million pixels. Make the picture smaller and attach it again."),
    Reason.FILE_TOO_HEAVY: _("The file unfolds into more than can be read safely. Make its pictures and drawings simpler or divide it into parts."),
    Reason.FILE_ACTIVE: _("The pages of this PDF are put together by a program when it is opened. Print it to a new PDF and attach that."),
    Reason.FILE_INFECTED: _("The virus scanner found something harmful in the file, so it was not stored. Check your computer and attach a clean file."),
    Reason.FILE_HIDDEN_TEXT: _("The file holds text that cannot be seen on the page, so a person will look at it. You can also remove that text and attach the file again."),
    Reason.FILE_NOT_CHECKED: _("The file was received but could not be checked by machine, so a person will look at it. You need not send it again."),
    Reason.FILE_NOT_SCANNED: _("The file was received but the virus scanner did not answer, so a person will look at it. You need not send it again."),
    Reason.TOO_MANY_FILES: _("A proposal can have at most 8 files. Remove a file before you attach another."),
    Reason.FILES_TOO_LARGE: _("The files of a proposal can take at most 60 MB together. Remove a file or attach a smaller one."),
    Reason.FILES_TOO_LONG: _("The files of a proposal can have at most 400 pages together. Remove a file or attach a shorter one."),
    Reason.UPLOAD_OUT_OF_PLACE: _("A part of the file came out of its place. What had come before it is kept; choose the same file again and it goes on from there."),
    Reason.UPLOAD_CHANGED: _("What arrived is not the file that was announced: its size or its fingerprint is another. Nothing of it was kept. Attach the file again."),
    Reason.DISK_FULL: _("The server's disk is nearly full, so it takes no more files now. Nothing was stored. What was submitted stands, and the text can still be saved and submitted. Tell the organiser."),
    Reason.ALREADY_SENT: _("This form was already sent, with other contents. What was received then stands. Open the summary again to submit the text as it is now."),
    Reason.SENT_BEFORE: _("This form was already sent, with other contents. What was received then stands. Open the page again to send something else."),
    Reason.NOT_PLACED_FIRST: _("A winner must be a team that the jury placed first in the challenge. Choose at least one of them."),
    Reason.CLOSES_TOO_EARLY: _("The stage closes before it opens. Choose a later closing time."),
    Reason.OUT_OF_ORDER: _("The stage opens before the one ahead of it. Stages follow each other in the order of the calendar; choose a later opening time."),
    Reason.INPUT_STILL_OPEN: _("The stage decides on what can still be handed in at that time. Choose an opening time after the deadline."),
    Reason.BANDS_UNEVEN: _("The bands must cover the whole scale, each point once. Check where each band begins and ends."),
    Reason.NAME_TAKEN: _("This name is already in use here. Choose another."),
    Reason.ADDRESS_TAKEN: _("This address is already in use. Choose another address."),
    Reason.NOBODY_JUDGES: _("At least one entry has nobody to review it. Assign a reviewer to each entry before you open the round."),
    Reason.QUOTA_FULL: _("The quota is full: no more can go on than was announced. Take the decision on another one back first."),
    Reason.FEWER_THAN_PROMISED: _("Fewer go on than was promised. Write the reason for it; it stands in the minutes."),
    Reason.PREVIEW_CHANGED: _("Something has changed since you looked at the mails. Nothing was sent. Look at them again and release them then."),
    Reason.KEYS_NOT_READY: _("The holder of the keys to which proposals are sealed does not answer. Nothing was lost: what you wrote is saved. Try again in a moment, and tell the organiser if it lasts."),
    Reason.HAS_BEGUN: _("The reviewer has begun with this entry. What has begun stays where it is."),
}


def sentence(reason: Reason) -> str:
    """Return the sentence for `reason` in the active language."""
    return str(REASONS[reason])
