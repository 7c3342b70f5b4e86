"""The demo's bar: enter as any of the cast, move the clock, read the mail. Not in an installation: its URLs exist in the demo only."""

from importlib import resources
from pathlib import Path

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from klash.accounts.models import User
from klash.core import access
from klash.post.models import Message
from klash.replay import stages
from klash.replay.cast import CAST, address
from klash.replay.engine import Play
from klash.replay.facts import NEEDED, read

BACKEND = "django.contrib.auth.backends.ModelBackend"


def _back(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next", "/")
    return redirect(target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else "/")


@access.public
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    person = User.objects.filter(email=address(request.POST.get("who", ""))).first()
    if person is None:
        raise Http404
    request.session.flush()
    login(request, person, backend=BACKEND)
    return redirect("portal:tasks")


@access.public
@require_POST
def move(request: HttpRequest) -> HttpResponse:
    """Move to the opening of a stage: back by a snapshot, forward by letting the rehearsal go on from what has been done."""
    stage = request.POST.get("stage", "")
    if stage not in (*NEEDED, "end"):
        raise Http404
    email = request.user.email if request.user.is_authenticated else ""
    request.session.flush()
    if stage in stages.kept():
        stages.restore(stage)
    else:
        facts = read(Path(str(resources.files("klash.replay").joinpath("data/klash-2019.yaml"))))
        Play(facts, 2019, lambda line: None, keep=stages.keep).run("" if stage == "end" else stage)
    person = User.objects.filter(email=email).first()
    if person is not None:
        login(request, person, backend=BACKEND)
    return _back(request)


@access.public
@require_safe
def mail(request: HttpRequest) -> HttpResponse:
    rows = [message for using in ("default", "reviewing") for message in Message.objects.using(using).order_by("-queued_at", "-pk")[:50]]
    return render(request, "replay/mail.html", {"rows": sorted(rows, key=lambda row: row.queued_at, reverse=True)[:50], "cast": CAST})
