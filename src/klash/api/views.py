import json
from collections.abc import Iterable, Iterator
from typing import Any, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from klash.api import selectors
from klash.api.selectors import DATASETS, Dataset
from klash.competitions.models import Competition
from klash.competitions.selectors import find
from klash.core import access, clock, sheets

# Anybody's page may read what is open: nothing here depends on who asks.
ANYWHERE = {"Access-Control-Allow-Origin": "*"}


def _public(request: HttpRequest, competition: str) -> Competition:
    return access.found(find(request.user, competition))


def _dataset(name: str) -> Dataset:
    if name not in DATASETS:
        raise Http404
    return DATASETS[name]


@access.public
@require_safe
def data(request: HttpRequest, competition: str) -> HttpResponse:
    found = _public(request, competition)
    return render(request, "api/data.html", {
        "competition": found, "is_invented": found.is_invented, "datasets": DATASETS.values(), "licence": settings.KLASH_DATA_LICENCE,
        "parents": [{"label": found.name, "url": reverse("portal:competition", args=[found.code])}],
    })


@access.public
@require_safe
def as_json(request: HttpRequest, competition: str, dataset: str) -> HttpResponse:
    found, told = _public(request, competition), _dataset(dataset)
    head = {
        "competition": found.code, "dataset": told.name, "definition": str(told.definition), "licence": settings.KLASH_DATA_LICENCE,
        "is_invented": found.is_invented, "made_at": clock.now().isoformat(), "fields": {field.name: str(field.meaning) for field in told.fields},
    }
    answer = StreamingHttpResponse(_pieces(head, selectors.records(told, found)), content_type="application/json; charset=utf-8", headers=ANYWHERE)
    return cast(HttpResponse, answer)  # what a view may answer with, by its name


def _pieces(head: dict[str, Any], records: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield f'{_written(head)[:-1]}, "rows": ['
    for number, record in enumerate(records):
        yield f"{',' if number else ''}\n{_written(record)}"
    yield "\n]}\n"


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


@access.public
@require_safe
def as_csv(request: HttpRequest, competition: str, dataset: str) -> HttpResponse:
    found, told = _public(request, competition), _dataset(dataset)
    columns = [sheets.Column(heading, cell) for heading, cell in selectors.columns(told)]
    answer = sheets.answer("csv", f"{found.code} {told.name}", columns, selectors.records(told, found), request.LANGUAGE_CODE)
    for name, value in ANYWHERE.items():
        answer.headers[name] = value
    return answer
