"""The public list: search, facets, pages, queries, the table file."""

import csv
import io
import re
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse

from klash.accounts.models import Municipality
from klash.competitions.models import StageKind, Theme
from klash.core import search
from klash.problems import selectors
from klash.problems.models import Problem
from klash.problems.selectors import SORTS, Filters, lists
from klash.problems.services import recount
from klash.rules.states import ProblemState
from tests.conftest import START
from tests.problems.conftest import make_submitted

pytestmark = pytest.mark.django_db(databases="__all__")


def make(world, officer, title, *, municipality="Janakkala", language="fi", state=ProblemState.SUBMITTED, theme=None, summary="", group=()):
    """A row without the walk through the moves, for lists of many."""
    row = Problem.objects.create(
        competition=world.competition, officer=officer, municipality=world.municipalities[municipality], title=title, summary=summary, language=language,
        state=state, submitted_at=START, theme=theme or world.themes["public_transport"], search=search.index(f"{title} {summary}", language),
    )
    row.group.set(world.municipalities[name] for name in group)
    recount(world.competition)
    return row


def titles(world, **filters):
    return [row.title for row in selectors.page(world.competition, Filters(**filters)).rows]


FOUND = [
    ("kunta", "Bussi ei kulje kunnissa", "fi"), ("kunta", "Kuntien yhteinen huoli", "fi"), ("kunnissa", "Kunta hiljenee", "fi"),
    ("katu", "Pimeillä kaduilla pelätään", "fi"), ("liikenne", "Joukkoliikenteen aukot", "fi"), ("nuori", "Nuorten yksinäisyys", "fi"),
    ("lapsi", "Lasten iltapäivät", "fi"), ("kaupunki", "Kaupungin tyhjät tilat", "fi"), ("terveys", "Terveyden erot", "fi"), ("vesi", "Veden laatu", "fi"),
    ("kyydit", "Kyyti puuttuu", "fi"), ("kaupungit", "Kaupunki hiljenee", "fi"), ("skola", "Skolorna står tomma", "sv"), ("kommun", "Kommunernas gemensamma problem", "sv"), ("tyhjä tila", "Tyhjät tilat kunnassa", "fi"),
]


@pytest.mark.parametrize(("words", "title", "language"), FOUND)
def test_search_finds_inflected_forms(world, cast, words, title, language):
    make(world, cast["officer"], title, language=language)
    assert titles(world, words=words) == [title]


@pytest.mark.parametrize(("words", "title"), [("kunta", "Kun sataa"), ("kunta", "Kuntoutus viipyy"), ("tyhjä kylä", "Tyhjät tilat"), ("100%", "Sata asiaa"), ("_", "Asia")])
def test_search_does_not_find_other_words(world, cast, words, title):
    make(world, cast["officer"], title)
    assert titles(world, words=words) == ([] if search.query_words(words) else [title])


def test_search_finds_municipality_and_theme(world, cast, at):
    with at(StageKind.PROBLEM_CALL):
        make_submitted(world, cast["officer"], "Janakkala", ["Inkoo"])
    for words in ("janakkala", "Ingå", "joukkoliikenne", "kollektivtrafik"):
        assert len(titles(world, words=words)) == 1, words


def test_filters_narrow_and_counts_say_how_far(world, cast):
    waste = Theme.objects.create(competition=world.competition, code="waste", name={"fi": "jätteet"})
    world.municipalities["Vantaa"].region_code = "01"
    world.municipalities["Vantaa"].grouping = "100000_or_more"
    world.municipalities["Vantaa"].save()
    make(world, cast["officer"], "A", municipality="Vantaa")
    make(world, cast["officer"], "B", municipality="Vantaa", theme=waste, state=ProblemState.CHOSEN)
    make(world, cast["officer"], "C", theme=waste, state=ProblemState.NOT_CHOSEN)
    page = selectors.page(world.competition, Filters(theme="waste"))
    assert ([row.title for row in page.rows], page.total) == (["B", "C"], 2)
    assert page.facets["theme"].counts == {"public_transport": 1, "waste": 2}  # its own filter left out
    assert page.facets["region"].counts == {"01": 1, "05": 1}
    assert page.facets["size"].counts == {"100000_or_more": 1, "5000_19999": 1}
    assert page.facets["state"].counts == {"chosen": 1, "not_chosen": 1}
    assert page.facets["language"].counts == {"fi": 2}
    assert selectors.page(world.competition, Filters(language="sv")).total == 0
    assert titles(world, region="01", state="chosen") == ["B"]
    assert titles(world, size="5000_19999") == ["C"]
    assert titles(world, theme="unknown") == []


def codes(page):
    return [row.code for row in page.rows]


def test_of_very_many_hits_all_are_listed_but_neither_counted_nor_sorted(world, cast, client, monkeypatch):
    monkeypatch.setattr(lists, "MANY", 5)
    monkeypatch.setattr(lists, "PAGE", 4)
    waste = Theme.objects.create(competition=world.competition, code="waste", name={"fi": "jätteet"})
    made = [make(world, cast["officer"], f"Melu {9 - number}", theme=waste if number in (2, 5) else None) for number in range(9)]
    make(world, cast["officer"], "Muu asia")
    make(world, cast["officer"], "Melu luonnoksena", state=ProblemState.DRAFT)
    seen, after = [], ""
    while True:
        page = selectors.page(world.competition, Filters(words="melu"), after, "newest")
        assert (page.is_many, page.total) == (True, 5)
        seen += codes(page)
        if not (after := page.next):
            break
    assert seen == [row.code for row in made]
    assert page.facets["theme"].counts == {"public_transport": None, "waste": None}
    assert page.facets["state"].counts == dict.fromkeys(["submitted", "chosen", "not_chosen", "not_eligible", "merged"])
    html = client.get("/en/c/klash-test/problems/?q=melu").content.decode()
    assert "More than 5 problems" in html and "neither counted nor sorted" in html and "sort=newest" not in html
    few = selectors.page(world.competition, Filters(words="melu", theme="waste"))
    assert (few.is_many, few.total, [row.title for row in few.rows]) == (False, 2, ["Melu 4", "Melu 7"])
    narrowed = selectors.page(world.competition, Filters(words="melu", theme="public_transport"))
    assert (narrowed.is_many, narrowed.total) == (True, 5)
    assert codes(narrowed) == [row.code for row in made if row.theme != waste][:4]


def test_hits_of_a_search_are_counted_by_what_narrows_them(world, cast):
    waste = Theme.objects.create(competition=world.competition, code="waste", name={"fi": "jätteet"})
    make(world, cast["officer"], "Melu A")
    make(world, cast["officer"], "Melu B", theme=waste, state=ProblemState.CHOSEN)
    make(world, cast["officer"], "Muu", theme=waste)
    page = selectors.page(world.competition, Filters(words="melu", theme="waste"))
    assert ([row.title for row in page.rows], page.total) == (["Melu B"], 1)
    assert page.facets["theme"].counts == {"public_transport": 1, "waste": 1}
    assert page.facets["state"].counts == {"chosen": 1}
    assert page.facets["region"].counts == {"05": 1}


def test_place_finds_the_leader_and_the_group(world, cast):
    alone, joint = make(world, cast["officer"], "Yksin", municipality="Inkoo"), make(world, cast["officer"], "Yhdessä")
    joint.group.add(world.municipalities["Inkoo"], world.municipalities["Vantaa"])
    make(world, cast["officer"], "Muu")
    assert titles(world, place="149") == sorted([alone.title, joint.title])


def test_drafts_and_withdrawn_problems_are_not_listed(world, cast):
    make(world, cast["officer"], "Julkinen")
    make(world, cast["officer"], "Luonnos", state=ProblemState.DRAFT)
    make(world, cast["officer"], "Peruttu", state=ProblemState.WITHDRAWN)
    page = selectors.page(world.competition, Filters())
    assert ([row.title for row in page.rows], page.total) == (["Julkinen"], 1)


def test_pages_of_fifty_hold_every_problem_once(world, cast):
    made = [make(world, cast["officer"], f"Ongelma {number % 7}") for number in range(120)]
    seen, after, sizes = [], "", []
    while True:
        page = selectors.page(world.competition, Filters(), after)
        seen += [row.code for row in page.rows]
        sizes.append(len(page.rows))
        if not (after := page.next):
            break
    assert sizes == [50, 50, 20]
    assert sorted(seen) == sorted(row.code for row in made)


@pytest.fixture
def sorted_rows(world, cast):
    for place, (name, row) in enumerate(sorted(world.municipalities.items())):
        Municipality.objects.filter(pk=row.pk).update(population={"Vantaa": 240_000, "Janakkala": 16_000}.get(name, 5_000 - place))
    made = [("Banaani", "Inkoo", 3), ("Ananas", "Vantaa", 1), ("Cembra", "Janakkala", 2), ("Banaani", "Vantaa", 0)]
    for title, municipality, days in made:
        row = make(world, cast["officer"], title, municipality=municipality)
        Problem.objects.filter(pk=row.pk).update(submitted_at=START + timedelta(days=days))


SORTED = {
    ("", "fi"): ["Ananas Vantaa", "Banaani Inkoo", "Banaani Vantaa", "Cembra Janakkala"],
    ("newest", "fi"): ["Banaani Inkoo", "Cembra Janakkala", "Ananas Vantaa", "Banaani Vantaa"],
    ("municipality", "fi"): ["Banaani Inkoo", "Cembra Janakkala", "Ananas Vantaa", "Banaani Vantaa"],
    ("municipality", "sv"): ["Banaani Inkoo", "Cembra Janakkala", "Ananas Vantaa", "Banaani Vantaa"],
    ("population", "fi"): ["Ananas Vantaa", "Banaani Vantaa", "Cembra Janakkala", "Banaani Inkoo"],
}


@pytest.mark.parametrize(("sort", "language"), SORTED)
def test_the_list_and_the_file_are_sorted_alike(world, client, sorted_rows, sort, language):
    prefix = {"fi": "", "sv": "/sv"}[language]
    place = {"fi": {}, "sv": {"Ingå": "Inkoo", "Vanda": "Vantaa"}}[language]
    page = client.get(f"{prefix}/c/klash-test/problems/?sort={sort}").content.decode()
    links = re.search(r'<nav aria-label="(?:Järjestä|Sortera efter)">(.*?)</nav>', page)[1]
    assert re.findall(r'href="([^"]*)" aria-current="true"', links) == [f"?sort={sort}" if sort else "?"]
    file = re.search(r'href="([^"]*export\.csv[^"]*)"', page)[1]
    written = [f"{row[1]} {place.get(row[3], row[3])}" for row in rows_of(client.get(file.replace("&amp;", "&")))[1:]]
    shown = [row.title for row in selectors.page(world.competition, Filters(), "", sort, language).rows]
    if not sort:
        written = sorted(written)  # the code, which is random, decides between the two of one title
    assert (written, shown) == (SORTED[sort, language], [row.split()[0] for row in SORTED[sort, language]])


@pytest.mark.parametrize("sort", SORTS)
def test_every_order_goes_through_its_pages_without_a_gap(world, cast, sort, monkeypatch):
    monkeypatch.setattr(lists, "PAGE", 4)
    for number in range(17):
        row = make(world, cast["officer"], f"Ongelma {number % 3}", municipality=("Janakkala", "Vantaa", "Inkoo")[number % 2])
        Problem.objects.filter(pk=row.pk).update(submitted_at=START + timedelta(days=number % 4))
    whole = [row.code for row in selectors.matching(world.competition, Filters(), sort)]
    seen, after = [], ""
    while True:
        page = selectors.page(world.competition, Filters(), after, sort)
        seen += [row.code for row in page.rows]
        if not (after := page.next):
            break
    assert (seen, len(set(seen))) == (whole, 17)


def test_an_order_is_kept_by_filters_and_search_and_an_unknown_one_is_dropped(client, sorted_rows):
    page = client.get("/c/klash-test/problems/?sort=newest&theme=public_transport").content.decode()
    assert '<input type="hidden" name="sort" value="newest">' in page
    assert 'href="?sort=newest"' in page, "to all themes, and out of all filters"
    assert 'href="?theme=public_transport&amp;sort=population"' in page or 'href="?sort=population&amp;theme=public_transport"' in page
    assert "officer__email" not in client.get("/c/klash-test/problems/?sort=officer__email").content.decode().split("<main")[1]


def test_the_list_asks_the_same_number_of_queries_at_1_and_30_rows(world, cast, client, django_assert_max_num_queries):
    address = reverse("problems:list", args=["klash-test"]) + "?q=ongelma"
    client.force_login(cast["officer"])
    counts = []
    for number in (1, 29):
        for place in range(number):
            make(world, cast["officer"], f"Ongelma {number} {place}").group.add(world.municipalities["Inkoo"])
        with django_assert_max_num_queries(12) as asked:
            response = client.get(address)
        counts.append(len(asked.captured_queries))
    assert response.content.decode().count('class="small" lang="fi"') == 30
    assert counts[0] == counts[1]


def test_the_list_without_a_competition_is_not_found(client, world):
    assert client.get(reverse("problems:list", args=["nothing"])).status_code == 404


def rows_of(response):
    return list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig")), delimiter=";"))


def test_export_holds_exactly_what_is_shown(world, cast, client):
    joint = make(world, cast["officer"], "Yhteinen kyyti", summary="Kylä; kirkko\nkoulu")
    joint.group.add(world.municipalities["Inkoo"])
    make(world, cast["officer"], "Muu asia")
    make(world, cast["officer"], "Luonnos kyyti", state=ProblemState.DRAFT)
    rows = rows_of(client.get(reverse("problems:export", args=["klash-test", "csv"]) + "?q=kyydit"))
    assert len(rows) == 2 and len(rows[0]) == len(rows[1]) == 12
    assert rows[1][:6] == [joint.code, "Yhteinen kyyti", "Kylä; kirkko\nkoulu", "Janakkala", "Inkoo", "Kanta-Häme"]


def test_the_workbook_holds_the_same_rows_typed(world, cast, client):
    make(world, cast["officer"], "=1+1", summary="Kylä; kirkko\nkoulu")
    address = reverse("problems:export", args=["klash-test", "xlsx"])
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(address).getvalue())).active
    cells = next(sheet.iter_rows(min_row=2))
    assert [(cell.value, cell.data_type) for cell in cells[1:4]] == [("=1+1", "s"), ("Kylä; kirkko\nkoulu", "s"), ("Janakkala", "s")]
    assert (cells[10].is_date, cells[10].value.date()) == (True, START.date())
    assert client.get(address.replace("xlsx", "odt")).status_code == 404


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =cmd|' /C calc'!A0", "|calc", "%0A=1", "\r=1"])
def test_export_never_starts_a_formula(world, cast, client, evil):
    make(world, cast["officer"], evil, summary=evil)
    for cell in rows_of(client.get(reverse("problems:export", args=["klash-test", "csv"])))[1]:
        assert cell.lstrip()[:1] not in ("=", "+", "-", "@", "|", "%")


def test_export_asks_a_constant_number_of_queries(world, cast, client, django_assert_max_num_queries):
    for number in range(30):
        make(world, cast["officer"], f"Ongelma {number}").group.add(world.municipalities["Inkoo"])
    with django_assert_max_num_queries(4):
        client.get(reverse("problems:export", args=["klash-test", "csv"])).getvalue()


def test_map_tells_who_reported(world, cast, client, django_assert_max_num_queries):
    make(world, cast["officer"], "Yksin", municipality="Joensuu")
    make(world, cast["officer"], "Yhdessä", municipality="Joensuu", group=["Inkoo"])
    make(world, cast["officer"], "Luonnos", municipality="Vantaa", state=ProblemState.DRAFT)
    reported = selectors.reporters(world.competition)
    assert [(row.municipality.name_fi, row.count) for row in reported] == [("Inkoo", 1), ("Joensuu", 2)]
    dots = selectors.dots(world.competition, reported, "sv")
    assert sorted((dot.label, dot.kind) for dot in dots) == [("", ""), ("", ""), ("Ingå", "in"), ("Joensuu", "in")]
    with django_assert_max_num_queries(12):
        html = client.get(reverse("problems:map", args=["klash-test"])).content.decode()
    assert html.count("<circle") == 4 and "?place=149" in html and "Luonnos" not in html
