"""The page counts words as the server does, says what is left, and tells it politely."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from klash.rules.words import count_words
from tests.rules.words import CORPUS

SCRIPT = Path(__file__).parents[2] / "src/klash/static/js/klash.js"
WORDS = """<html lang="en"><body><form><label>Text <textarea id="t" data-counter="t_count"></textarea></label></form>
<p id="t_count" data-hard="6" data-soft="3" data-label="0 words" data-one="0 word" data-left="0 words left." data-left-one="0 word left."
 data-long="More than recommended." data-over="0 words too many." data-over-one="0 word too many."></p><p role="status" id="t_told"></p></body></html>"""


@pytest.fixture
def page(browser: Browser) -> Page:
    page = browser.new_page()
    page.set_content(WORDS)
    page.add_script_tag(content=SCRIPT.read_text())
    return page


def typed(page: Page, text: str) -> str:
    """Put a text into the field as typing does; return what the counter says."""
    return str(page.evaluate(
        "text => { const area = document.getElementById('t'); area.value = text; area.dispatchEvent(new Event('input', { bubbles: true })); "
        "return document.getElementById('t_count').textContent; }", text,
    ))


def test_the_page_counts_as_the_server_does(page):
    told = {text: int(typed(page, text).split(" ")[0].replace(",", "")) for text in CORPUS}
    assert told == CORPUS == {text: count_words(text) for text in CORPUS}


@pytest.mark.parametrize(("words", "told"), [
    (0, "0 words. 6 words left."), (1, "1 word. 5 words left."), (3, "3 words. 3 words left."), (4, "4 words. More than recommended."),
    (6, "6 words. More than recommended."), (7, "7 words. 1 word too many."), (9, "9 words. 3 words too many."),
])
def test_the_counter_says_what_is_left_and_what_is_too_much(page, words, told):
    assert typed(page, "word " * words) == told
    assert page.locator("#t_count").evaluate("node => node.classList.contains('over')") is (words > 6)


def test_who_listens_hears_the_count_once_after_a_pause(page):
    heard = page.get_by_role("status")
    page.clock.install()
    for words in range(1, 5):
        typed(page, "word " * words)
        page.clock.run_for(300)
        expect(heard).to_be_empty()
    page.clock.run_for(1000)
    expect(heard).to_have_text("4 words. More than recommended.")
