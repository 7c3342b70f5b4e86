from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from klash.accounts.models import User
from klash.core import access
from klash.core.once import once
from klash.interests import selectors, services
from klash.interests.forms import ABOUTS, KINDS, InterestForm
from klash.interests.models import About, Interest
from klash.rules.conflicts import Kind


@once
@access.signed_in
def interests(request: HttpRequest) -> HttpResponse:
    person = access.person(request)
    form = InterestForm(request.POST if request.POST.get("action") == "add" else None)
    if request.method == "POST" and _act(request, person, form):
        return redirect("interests:own")
    rows = [{"row": row, "kind": KINDS[Kind(row.kind)], "about": ABOUTS[About(row.about)]} for row in selectors.own(person)]
    return render(request, "interests/own.html", {"form": form, "rows": rows, "has_declared": selectors.has_declared(person)})


def _act(request: HttpRequest, person: User, form: InterestForm) -> bool:
    """Do what the button says and return whether it was done."""
    action = request.POST.get("action")
    if action == "confirm":
        services.confirm_interests(actor=person)
        messages.success(request, _("Thank you. Your interests are declared."))
    elif action == "remove":
        services.remove_interest(actor=person, interest=get_object_or_404(Interest, person=person, code=request.POST.get("interest", "")))
        messages.success(request, _("The tie has been removed."))
    elif action == "add" and form.is_valid():
        services.declare_interest(actor=person, **form.cleaned_data)
        messages.success(request, _("The tie has been saved."))
    else:
        return False
    return True
