from klash.challenges.views.briefs import browse, edit, publish, shape, show

__all__ = ["browse", "edit", "publish", "shape", "show"]
