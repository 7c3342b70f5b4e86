from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from klash.challenges.selectors import shown
from klash.core import access, texts
from klash.core.errors import KlashError
from klash.rules.grounds import GROUNDS
from klash.rules.permissions import Permission
from klash.teams import selectors, services
from klash.teams.forms import EligibilityForm, NoticeFactsForm
from klash.teams.models import NoticeFacts, Team
from klash.teams.views.common import frame, own


@access.needs(Permission.TELL_NOTICE_FACTS, own)
def notice_facts(request: HttpRequest, found: Team) -> HttpResponse:
    """Tell what the result notice asks: kept from the panel and from the jury."""
    form = NoticeFactsForm(NoticeFacts.objects.filter(team=found).first(), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.tell_notice_facts(actor=access.person(request), team=found, **form.cleaned_data)
        messages.success(request, _("The details for the result notice have been saved."))
        return redirect("teams:show", found.code)
    return render(request, "teams/notice_facts.html", frame(found.challenge, found, form=form))


@access.needs(Permission.ANSWER_ELIGIBILITY, own)
def eligibility(request: HttpRequest, found: Team) -> HttpResponse:
    """Answer who may take part; a wrong answer tells why it bars and what one can do then."""
    questions = selectors.eligibility_of(found.challenge.competition)
    answers = dict(found.eligibility_answers.values_list("question", "answer"))
    form = EligibilityForm(questions, answers, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.answer_eligibility(actor=access.person(request), team=found, answers=form.answers())
        wrong = [question for question in questions if form.answers()[question.code] != question.wanted]
        if not wrong:
            messages.success(request, _("The answers are saved. The team may take part."))
            return redirect("teams:show", found.code)
    else:
        wrong = [question for question in questions if answers.get(question.pk, question.wanted) != question.wanted]
    return render(request, "teams/eligibility.html", frame(found.challenge, found, form=form, questions=questions, wrong=wrong))


@access.needs(Permission.TELL_ROLE, own)
def conditions(request: HttpRequest, found: Team) -> HttpResponse:
    """Read the conditions that are in force; the leader accepts them for the team."""
    newest, person, fault = selectors.conditions_of(found.challenge.competition), access.person(request), ""
    if newest is None:
        raise Http404
    may_accept = access.may(person, Permission.ACCEPT_CONDITIONS, found)
    if request.method == "POST" and may_accept:
        try:
            services.accept_conditions(actor=person, team=found, number=_number(request))
            messages.success(request, _("The conditions have been accepted for the team."))
            return redirect("teams:show", found.code)
        except KlashError as error:
            fault = texts.sentence(error.reason)
    return render(request, "teams/conditions.html", frame(
        found.challenge, found, conditions=newest, conditions_text=shown(newest.text), acceptance=selectors.acceptance_of(found, newest),
        may_accept=may_accept, fault=fault,
    ), status=409 if fault else 200)


def _number(request: HttpRequest) -> int:
    text = request.POST.get("number", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


@access.needs(Permission.DECLARE_GROUNDS, own)
def declaration(request: HttpRequest, found: Team) -> HttpResponse:
    """Confirm that no ground for exclusion exists, for oneself and for the organisations that one answers for."""
    person = access.person(request)
    firms = [firm for firm in found.firms.all() if firm.code in request.POST.getlist("firm")]
    if request.method == "POST":
        services.declare_grounds(actor=person, team=found, firms=firms)
        messages.success(request, _("The declaration has been saved."))
        return redirect("teams:show", found.code)
    rows: list[Any] = selectors.declarations_of(found)
    is_declared = any(row.person and row.person.person_id == person.pk and row.declaration for row in rows)
    return render(request, "teams/declaration.html", frame(
        found.challenge, found, grounds=GROUNDS, rows=rows, is_declared=is_declared, open_firms=[row.firm for row in rows if row.firm and not row.declaration],
    ))
