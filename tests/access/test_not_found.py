"""Not found, not yours and not now are one page, so that a refusal tells nothing."""

from pathlib import Path

import pytest

from tests.access.table import found_in, patterns, read

TABLE = read(Path(__file__).with_name("table.yaml"))
PATTERNS = patterns()


@pytest.mark.parametrize("stage", ["setup", "proposals+", "judging+"])
@pytest.mark.parametrize("who", ["outsider", "member", "juror", "organiser"])
def test_a_refusal_is_the_answer_to_an_address_that_names_nothing(enter, stage, who):
    """Headers and bytes, but for the address itself, tokens and nonces."""
    with enter(stage) as state:
        refused = [page for page in TABLE.pages.values() if page.answers["GET", stage][who] == "404" and PATTERNS[page.url].pattern.converters]
        found = {page.name: found_in(state, who, page, PATTERNS[page.url]) for page in refused}
        assert refused
        assert found == {page.name: found_in(state, who, page, PATTERNS[page.url], made_up=True) for page in refused}
