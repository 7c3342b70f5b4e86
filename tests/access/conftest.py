import logging
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.test import override_settings

from klash.accounts import services as accounts
from tests.staged import staged  # noqa: F401


@pytest.fixture(autouse=True)
def quiet():
    """Keep quiet about each of the thousands of refusals."""
    logger = logging.getLogger("django.request")
    before, _ = logger.level, logger.setLevel(logging.ERROR)
    yield
    logger.setLevel(before)


@pytest.fixture(scope="module")
def short_404():
    """Answer 404 with one word: three of four answers are, and rendering the page is half of their cost. `test_not_found` looks at the page."""
    loaders = [("django.template.loaders.locmem.Loader", {"errors/404.html": "404"}), "django.template.loaders.filesystem.Loader",
               "django.template.loaders.app_directories.Loader"]
    own = settings.TEMPLATES[0]
    options = {**own["OPTIONS"], "loaders": [("django.template.loaders.cached.Loader", loaders)]}
    with override_settings(TEMPLATES=[{**own, "APP_DIRS": False, "OPTIONS": options}]):
        yield


@pytest.fixture
def enter(staged):  # noqa: F811
    """`with enter(stage) as state:` is `staged.shared` with the links that only this process can sign among the things."""

    @contextmanager
    def within(stage):
        with staged.shared(stage) as state:
            if "sign_up" not in state.things:
                state.client("outsider")  # signing in ends the links that were made before
                with state.undone():
                    state.things |= links(state)
            yield state

    return within


def links(state):
    sent = []

    def keep(sender, context, **rest):
        sent.append(context)

    accounts.letter.connect(keep)
    accounts.ask_to_join(email="new@klash.invalid", language="fi")
    accounts.ask_for_reset(email=state.people["outsider"], language="fi")
    accounts.letter.disconnect(keep)
    return {"sign_up": sent[0]["token"], "reset_code": sent[1]["code"], "reset": sent[1]["token"]}
