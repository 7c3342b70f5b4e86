from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from klash.accounts import selectors, services
from klash.accounts.forms import EmailForm, JoinForm, NewPasswordForm, ProfileForm, SignInForm
from klash.accounts.models import Invitation, User
from klash.core import access, kept, texts
from klash.core.errors import Refused
from klash.core.once import answered, once
from klash.rules.reasons import Reason
from klash.rules.roles import Role

HOME = {"all": "portal:tasks", "jury": "reviewing:rounds"}
FIRST = {Role.MENTOR: "mentoring:profile"}  # the page of a competition on which a role begins, where it is not HOME


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_own = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if is_own else ""


def _onward(request: HttpRequest) -> HttpResponse:
    waiting = reverse("accounts:kept") if kept.is_waiting(request) else ""
    return redirect(_next(request) or waiting or reverse(HOME[settings.KLASH_FACE]))


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


@once
@access.public
def sign_up(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return _onward(request)
    form = EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.ask_to_join(email=form.cleaned_data["email"], language=_language(), onward=_next(request))
        return answered(render(request, "accounts/sent.html", {"email": form.cleaned_data["email"], "about": "sign_up"}))
    return render(request, "accounts/sign_up.html", {"form": form, "next": _next(request)})


@once
@access.public
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    email = access.found(services.address_of(token))
    form = JoinForm(request.POST or None, person=User(email=email))
    if request.method == "POST" and form.is_valid():
        try:
            person = services.confirm_account(token=token, language=_language(), **form.cleaned_data)
        except Refused:
            raise Http404 from None
        login(request, person)
        messages.success(request, _("Your account is ready and you are signed in."))
        return redirect(services.onward_of(token) or reverse(HOME[settings.KLASH_FACE]))
    return render(request, "accounts/confirm.html", {"form": form, "email": email})


@access.public
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return _onward(request)
    form = SignInForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        login(request, form.user)
        return _onward(request)
    return render(request, "accounts/sign_in.html", {"form": form, "next": _next(request)})


@require_POST
@access.public
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect(_next(request) or reverse("accounts:sign_in"))


@once
@access.public
def reset(request: HttpRequest) -> HttpResponse:
    form = EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.ask_for_reset(email=form.cleaned_data["email"], language=_language())
        return answered(render(request, "accounts/sent.html", {"email": form.cleaned_data["email"], "about": "reset"}))
    parents = [{"label": _("Sign in"), "url": reverse("accounts:sign_in")}]
    return render(request, "accounts/reset.html", {"form": form, "parents": parents})


@access.public
def reset_confirm(request: HttpRequest, code: str, token: str) -> HttpResponse:
    person = access.found(services.find_reset(code, token))
    form = NewPasswordForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            services.reset_password(actor=person, token=token, password=form.cleaned_data["password"])
        except Refused:
            raise Http404 from None
        messages.success(request, _("The new password is in use. Sign in with it."))
        return redirect("accounts:sign_in")
    return render(request, "accounts/reset_confirm.html", {"form": form, "email": person.email})


@once
@access.public
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    found = access.found(services.find_invitation(token))
    if request.user.is_authenticated:
        return _accept(request, found)
    if User.objects.filter(email=found.email).exists():
        return _show(request, found, has_account=True)
    return _join(request, found)


def _accept(request: HttpRequest, found: Invitation) -> HttpResponse:
    assert isinstance(request.user, User)
    if request.method != "POST":
        return _show(request, found, is_own=request.user.email == found.email)
    try:
        services.accept_invitation(actor=request.user, invitation=found)
    except Refused as error:
        return _refuse(request, found, error, is_own=True)
    return _taken(request, found)


def _join(request: HttpRequest, found: Invitation) -> HttpResponse:
    form = JoinForm(request.POST or None, person=User(email=found.email))
    if request.method != "POST" or not form.is_valid():
        return _show(request, found, form=form)
    try:
        person = services.join_by_invitation(invitation=found, language=_language(), **form.cleaned_data)
    except Refused as error:
        return _refuse(request, found, error, form=form)
    login(request, person)
    return _taken(request, found)


def _taken(request: HttpRequest, found: Invitation) -> HttpResponse:
    messages.success(request, _("You have accepted the invitation."))
    first = FIRST.get(Role(found.role))
    return redirect(first, found.competition) if first else _onward(request)


def _refuse(request: HttpRequest, found: Invitation, error: Refused, **more: Any) -> HttpResponse:
    if error.reason is Reason.INVITATION_VOID:
        raise Http404
    return _show(request, found, fault=texts.sentence(error.reason), **more)


def _show(request: HttpRequest, found: Invitation, **more: Any) -> HttpResponse:
    offer = selectors.offer_of(found)
    return render(request, "accounts/invitation.html", {"invitation": found, "offer": offer, "role": selectors.ROLES[offer.role], **more})


@access.signed_in
def profile(request: HttpRequest) -> HttpResponse:
    person = request.user
    assert isinstance(person, User)
    form = ProfileForm(request.POST or None, initial={"name": person.name, "language": person.language})
    if request.method == "POST" and form.is_valid():
        services.save_profile(actor=person, **form.cleaned_data)
        messages.success(request, _("Your details have been saved."))
        return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form, "person": person})


@access.signed_in
def kept_forms(request: HttpRequest) -> HttpResponse:
    """Show what was kept for this browser; each form has a button that sends it where it was going, and one that throws it away."""
    forms = kept.waiting(request)
    own = [form for form in forms if form.whose == access.person(request).code]
    if request.method == "POST":
        for form in own:
            if form.code == request.POST.get("forget"):
                kept.forget(request, form.code)
        return redirect("accounts:kept")
    return render(request, "accounts/kept.html", {"forms": own, "is_others": len(own) < len(forms)})
