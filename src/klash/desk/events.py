"""What the events of the log are called to people. The log itself keeps the names on the left."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Promise] = {
    "account.created": _("An account was created"), "account.changed": _("A person changed their details"),
    "account.password_changed": _("A person changed their password"), "account.operator_made": _("A person was made operator"),
    "invitation.sent": _("An invitation was sent"), "invitation.accepted": _("An invitation was accepted"),
    "role.granted": _("A role was given"), "role.renewed": _("A role was given again"), "role.ended": _("A role was ended"),
    "competition.created": _("The competition was created"), "competition.changed": _("The details of the competition were changed"),
    "competition.published": _("The competition was published"), "competition.finished": _("The competition was finished"),
    "partner.added": _("A partner was added"), "partner.removed": _("A partner was removed"),
    "theme.added": _("A theme was added"), "theme.removed": _("A theme was removed"),
    "stage.added": _("A stage was added to the calendar"), "stage.moved": _("A stage was moved in the calendar"), "calendar.set": _("The calendar was set"),
    "criteria.set": _("Criteria were set"), "criteria.removed": _("Criteria were removed"), "criteria.frozen": _("Criteria were locked"),
    "problem.started": _("A problem was started"), "problem.saved": _("A problem was saved"), "problem.submitted": _("A problem was submitted"),
    "problem.withdrawn": _("A problem was withdrawn"), "problem.chosen": _("A problem was chosen"), "problem.not_chosen": _("A problem was not chosen"),
    "problem.feedback_written": _("Feedback on a problem was written"), "problems.chosen": _("The choice of problems was made"),
    "feedback.released": _("The panel’s feedback was released"),
    "challenge.created": _("A challenge was created"), "challenge.saved": _("A brief was saved"), "challenge.published": _("A challenge was published"),
    "team.founded": _("A team was founded"), "team.joined": _("A member joined a team"), "team.left": _("A member left a team"),
    "application.saved": _("An application was saved"), "application.submitted": _("An application was submitted"),
    "application.withdrawn": _("An application was withdrawn"), "application.admitted": _("A team was admitted"),
    "application.declined": _("A team was not admitted"), "admissions.released": _("The decisions on the teams were told"),
    "mentor.added": _("A mentor was added"), "mentoring_day.added": _("A mentoring day was added"),
    "session.planned": _("A session was planned"), "session.held": _("A session was held"), "session.cancelled": _("A session was cancelled"),
    "session.note_saved": _("A note on a session was saved"), "session.feedback_given": _("Feedback on a session was given"),
    "proposal.started": _("A proposal was started"), "proposal.saved": _("A proposal was saved"), "proposal.submitted": _("A proposal was submitted"),
    "proposal.withdrawn": _("A proposal was withdrawn"), "proposal.late": _("A proposal came late"), "proposal.opened": _("A proposal was opened"),
    "proposal.file_attached": _("A file was attached to a proposal"), "proposal.file_detached": _("A file was removed from a proposal"),
    "opening.requested": _("The opening of the proposals was requested"), "opening.fixed": _("The set of proposals to open was fixed"),
    "opening.opened": _("The proposals were opened"),
    "award.report_taken": _("The jury’s signed report was taken over"), "award.identities_requested": _("The opening of identities was requested"),
    "award.identities_opened": _("Identities were opened"), "award.decided": _("The organiser’s decision was recorded"),
    "award.published": _("The winners were published"),
}
