"""The public page of questions and answers, and the pages on which they are answered."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from klash.challenges import selectors, services
from klash.challenges.forms import AnswerForm, AskForm, InformationSessionForm, QuestionTimeForm, RoundTimeForm
from klash.challenges.models import Challenge, InformationSession, PublicQuestion
from klash.challenges.views.common import page, parents, writable
from klash.core import access, clock, paging, sheets, texts
from klash.core.errors import KlashError
from klash.core.forms import revision_seen
from klash.core.once import once
from klash.rules.permissions import Facts, Permission
from klash.rules.states import ChallengeState


def _published(request: HttpRequest, competition: str, challenge: str) -> Challenge:
    found = access.found(selectors.find(request.user, competition, challenge))
    return access.found(found if found.state == ChallengeState.PUBLISHED else None)


@once
@access.public
def questions(request: HttpRequest, competition: str, challenge: str) -> HttpResponse:
    found, fault = _published(request, competition, challenge), ""
    form = AskForm(request.user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return _ask(request, found, form)
        except KlashError as error:
            fault = texts.sentence(error.reason)
    at, words = paging.asked(request), request.GET.get("q", "").strip()[:100]
    if file := sheets.asked(request, f"{found.code} {_('Questions and answers')}", _columns(), lambda: selectors.answered_all(found, words)):
        return file
    listed = selectors.answered(found, words, start=at * selectors.PAGE)
    return page(
        request, "questions", found, status=409 if fault else 200, parents=parents(found.competition, found), form=form, fault=fault, words=words,
        rows=[(row, selectors.shown(row.wording), selectors.shown(row.answer)) for row in listed.rows], total=listed.total,
        sessions=[(row, selectors.shown(row.title)) for row in selectors.information_sessions(found)], links=_links(request, at, listed.total),
        is_open=found.takes_questions(clock.now()), may_answer=selectors.may_read_drafts(request.user, found),
    )


def _columns() -> list[sheets.Column[PublicQuestion]]:
    column = sheets.Column[PublicQuestion]
    return [
        column(_("Round of answers"), lambda row: row.round.number if row.round else None),
        column(_("Published at"), lambda row: row.round.released_at if row.round else None, 18),
        column(_("Question"), lambda row: selectors.shown(row.wording).text, 60), column(_("Answer"), lambda row: selectors.shown(row.answer).text, 80),
    ]


def _links(request: HttpRequest, at: int, total: int) -> dict[str, str]:
    """Return the addresses of the first and the next page; what is searched for stays."""
    def address(number: int) -> str:
        query = request.GET.copy()
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    return {"first": address(1) if at else "", "next": address(at + 2) if (at + 1) * selectors.PAGE < total else ""}


def _ask(request: HttpRequest, found: Challenge, form: AskForm) -> HttpResponse:
    asker = access.person(request) if request.user.is_authenticated else None
    if not form.cleaned_data["website"]:  # a program is told the same, and nothing is kept
        services.ask_publicly(
            challenge=found, text=form.cleaned_data["text"], language=request.LANGUAGE_CODE, asker=asker, email=form.cleaned_data.get("email", "")
        )
    if asker:
        messages.success(request, _("Your question was taken in. The answer goes out to all at the same moment; nobody is told who asked."))
    else:
        messages.success(request, _("A link was sent to your address. The question counts once you open it."))
    return redirect("challenges:questions", found.competition.code, found.code)


@access.public
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    question = access.found(services.find_unconfirmed(token))
    challenge = question.challenge
    if request.method == "POST":
        services.confirm_question(question=question)
        messages.success(request, _("Your question was taken in. The answer goes out to all at the same moment; nobody is told who asked."))
        return redirect("challenges:questions", challenge.competition.code, challenge.code)
    return render(request, "challenges/confirm.html", {
        "competition": challenge.competition, "challenge": challenge, "question": question, "parents": parents(challenge.competition, challenge),
        "is_invented": challenge.competition.is_invented,
    })


def _answers_parents(found: Challenge) -> list[dict[str, Any]]:
    rows = parents(found.competition, found)
    return [*rows, {"label": _("Answering questions"), "url": reverse("challenges:answering", args=[found.competition.code, found.code])}]


_answers = access.needs(Permission.DRAFT_ANSWERS, writable)


@_answers
def answering(request: HttpRequest, found: Challenge) -> HttpResponse:
    fault, posted = "", request.POST if request.method == "POST" else None
    until = QuestionTimeForm(posted if posted and "set" in posted else None, initial={"until": found.questions_until})
    at = RoundTimeForm(posted if posted and "schedule" in posted else None)
    if posted is not None:
        try:
            if _act(request, found, until, at):
                return redirect("challenges:answering", found.competition.code, found.code)
        except KlashError as error:
            fault = texts.sentence(error.reason)
    here = paging.asked(request)
    waiting, count = selectors.waiting(found, start=here * selectors.PAGE)
    return page(
        request, "answering", found, status=409 if fault else 200, parents=parents(found.competition, found), fault=fault, until=until, at=at, waiting=waiting,
        count=count, ready=sum(row.is_ready() for row in waiting), left_out=selectors.left_out(found), rounds=selectors.rounds_of(found),
        sessions=[(row, selectors.shown(row.title)) for row in selectors.information_sessions(found)], links=paging.links(here, count),
        may_release=access.may(request.user, Permission.RELEASE_PUBLIC_ANSWERS, found),
    )


def _act(request: HttpRequest, found: Challenge, until: QuestionTimeForm, at: RoundTimeForm) -> bool:
    """Do what the pressed button says; return whether it was done."""
    actor = access.person(request)
    if "set" in request.POST:
        if until.is_valid():
            services.set_question_time(actor=actor, challenge=found, until=until.cleaned_data["until"])
    elif "schedule" in request.POST:
        if at.is_valid():
            services.schedule_answers(actor=actor, challenge=found, at=at.cleaned_data["at"])
    elif "unschedule" in request.POST:
        services.schedule_answers(actor=actor, challenge=found, at=None)
    elif "release" in request.POST:
        services.release_answers(actor=actor, challenge=found)
        messages.success(request, _("The answers are out: on the public page and by mail to everyone concerned."))
    return until.is_valid() or at.is_valid() or not {"set", "schedule"} & set(request.POST)


def _question(person: Any, competition: str, challenge: str, code: str) -> PublicQuestion | None:
    found = writable(person, competition, challenge)
    return selectors.question(found, code) if found else None


@access.needs(Permission.DRAFT_ANSWERS, _question)
def answer(request: HttpRequest, question: PublicQuestion) -> HttpResponse:
    found, fault, theirs = question.challenge, "", None
    form = AnswerForm(question, request.POST if request.method == "POST" and "save" in request.POST else None)
    if request.method == "POST":
        try:
            if _settle(request, question, form):
                return redirect("challenges:answering", found.competition.code, found.code)
        except KlashError as error:
            fault = texts.sentence(error.reason)
            question = access.found(selectors.question(found, question.code))
            theirs = question if form.is_bound else None
    return page(
        request, "answer", found, status=409 if fault else 200, parents=_answers_parents(found), question=question, form=form, fault=fault,
        theirs=theirs, others=selectors.joinable(question) if question.state == "asked" else [],
        may_dismiss=access.may(request.user, Permission.RELEASE_PUBLIC_ANSWERS, found),
    )


def _settle(request: HttpRequest, question: PublicQuestion, form: AnswerForm) -> bool:
    actor, given = access.person(request), request.POST
    if "join" in given:
        other = access.found(selectors.question(question.challenge, given.get("to", "")))
        services.join_question(actor=actor, question=question, to=other)
    elif "part" in given:
        services.part_question(actor=actor, question=question)
    elif "dismiss" in given:
        services.dismiss_question(actor=actor, question=question, reason=given.get("reason", "")[:500])
    elif not form.is_valid():
        return False
    else:
        services.draft_answer(
            actor=actor, question=question, wording=form.text("wording"), answer=form.text("answer"), revision=revision_seen(given.get("revision"))
        )
        messages.success(request, _("The answer was saved. Nobody outside sees it before it goes out."))
    return True


class _Session:
    """An information session of a challenge, or one that is to be."""

    def __init__(self, challenge: Challenge, session: InformationSession | None) -> None:
        self.challenge, self.session = challenge, session

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.challenge.facts_for(actor, now)


def _new_session(person: Any, competition: str, challenge: str) -> _Session | None:
    found = writable(person, competition, challenge)
    return _Session(found, None) if found else None


def _old_session(person: Any, competition: str, challenge: str, code: str) -> _Session | None:
    found = writable(person, competition, challenge)
    session = found.information_sessions.select_related("challenge__competition").filter(code=code).first() if found else None
    return _Session(found, session) if found and session else None


def _edit_session(request: HttpRequest, of: _Session) -> HttpResponse:
    found, session = of.challenge, of.session
    form = InformationSessionForm(session, request.POST if request.method == "POST" and "remove" not in request.POST else None)
    if session is not None and "remove" in request.POST:
        services.remove_information_session(actor=access.person(request), session=session)
        return redirect("challenges:answering", found.competition.code, found.code)
    if form.is_valid():
        services.save_information_session(actor=access.person(request), challenge=found, session=session, **form.session())
        messages.success(request, _("The information session was saved and is on the public page."))
        return redirect("challenges:answering", found.competition.code, found.code)
    return page(request, "session", found, parents=_answers_parents(found), form=form, session=session)


@once
@access.needs(Permission.DRAFT_ANSWERS, _new_session)
def add_session(request: HttpRequest, of: _Session) -> HttpResponse:
    return _edit_session(request, of)


@once
@access.needs(Permission.DRAFT_ANSWERS, _old_session)
def edit_session(request: HttpRequest, of: _Session) -> HttpResponse:
    return _edit_session(request, of)
