from klash.challenges.views.briefs import browse, edit, shape, show
from klash.challenges.views.working import brief, change, edition, measure, measures, notice, publish, talk, versions

__all__ = ["brief", "browse", "change", "edit", "edition", "measure", "measures", "notice", "publish", "shape", "show", "talk", "versions"]
