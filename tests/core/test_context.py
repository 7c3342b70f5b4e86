"""What every page gets."""

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import set_script_prefix

from klash.core.context import addresses_of

HERE = {"fi": "/c/klash/?q=a%20b", "sv": "/sv/c/klash/?q=a%20b", "en": "/en/c/klash/?q=a%20b"}


@pytest.mark.parametrize("language", HERE)
def test_the_language_links_stay_on_the_page(language):
    assert addresses_of(RequestFactory().get(HERE[language])) == HERE


@pytest.mark.parametrize("path", ["/", "/sv/", "/en/"])
def test_the_front_page_in_each_language(path):
    assert addresses_of(RequestFactory().get(path)) == {"fi": "/", "sv": "/sv/", "en": "/en/"}


@pytest.mark.parametrize("path", ["/svenska/", "/sv", "/english/sv/"])
def test_what_only_looks_like_a_language_is_kept(path):
    assert addresses_of(RequestFactory().get(path))["en"] == f"/en{path}"


def test_a_site_under_a_path_of_its_own():
    request = HttpRequest()
    request.path, request.path_info = "/klash/sv/about/", "/sv/about/"
    set_script_prefix("/klash/")
    try:
        assert addresses_of(request) == {"fi": "/klash/about/", "sv": "/klash/sv/about/", "en": "/klash/en/about/"}
    finally:
        set_script_prefix("/")


def test_a_page_that_is_not_found_can_be_read_in_every_language(client, db):
    content = client.get("/nothing/").content.decode()
    assert 'href="/sv/nothing/"' in content
    assert 'href="/en/nothing/"' in content
