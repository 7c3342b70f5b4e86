from klash.challenges.views.asking import add_session, answer, answering, confirm, edit_session, questions
from klash.challenges.views.briefs import browse, edit, shape, show
from klash.challenges.views.working import brief, change, edition, measure, measures, notice, publish, talk, versions

__all__ = [
    "add_session", "answer", "answering", "brief", "browse", "change", "confirm", "edit", "edit_session", "edition", "measure", "measures", "notice", "publish",
    "questions", "shape", "show", "talk", "versions",
]
