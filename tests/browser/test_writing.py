"""What a person types, pastes and chooses in a form, in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_paths import look, press

PASTE = "(area, text) => { area.focus(); area.select(); return document.execCommand('insertText', false, text); }"  # keeps to maxlength, as pasting does


def paste(page, name, text):
    field = page.locator(f"[name={name}]")
    assert field.evaluate(PASTE, text)
    expect(field).to_have_value(text)


@pytest.mark.parametrize(("state", "who", "address", "things", "limits"), [
    ("problem_call+", "officer", "problems:write", {"competition": "competition", "code": "problem"}, {"title": 150, "summary": 1000, "situation": 5000}),
    ("team_call+", "leader", "teams:application", {"team": "team"}, {"idea": 5000, "summary": 600}),
])
def test_a_pasted_text_that_is_too_long_comes_back_whole_with_the_fault_at_its_field(serve_anew, enter, state, who, address, things, limits):
    site = serve_anew(state)
    page = enter(site, who)
    page.goto(f"/en{site.path(address, **things)}")
    texts = {name: "liian pitkä " * (limit // 4) + "loppu" for name, limit in limits.items()}
    for name, text in texts.items():
        paste(page, name, text)
    press(page, "Save the draft")
    for name, text in texts.items():
        expect(page.locator(f"[name={name}]")).to_have_value(text)
        fault = page.locator(".field", has=page.locator(f"[name={name}]")).locator(".fault")
        expect(fault).to_contain_text(f"at most {limits[name]} characters")
        expect(fault).to_contain_text(str(len(text)))


def test_an_officer_finds_the_other_municipalities_by_name_or_region(serve_anew, enter):
    site = serve_anew("problem_call+")
    page = enter(site, "officer")
    page.goto(f"/en{site.path('problems:write', competition='competition', code='problem')}")
    page.get_by_text("Report together with other municipalities").click()
    picker, field = page.locator("[data-picker]"), page.get_by_label("Find a municipality")
    assert picker.bounding_box()["height"] < 900
    field.fill("lohj")
    expect(picker.get_by_role("checkbox")).to_have_count(1)
    expect(picker.get_by_role("status")).to_have_text("1 municipality in the list")
    field.press("Enter")  # sends nothing
    field.press("Tab")
    page.keyboard.press("Space")
    expect(picker.locator("[data-chosen]")).to_have_text("Lohja")
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    field.fill("kainuu")
    expect(picker.get_by_role("group", name="Kainuu").get_by_role("checkbox")).to_have_count(8)
    picker.get_by_label("Kajaani").check()
    expect(picker.locator("[data-chosen]")).to_have_text("Kajaani, Lohja")
    press(page, "Save the draft")
    expect(picker.locator("[data-chosen]")).to_have_text("Kajaani, Lohja")
    expect(field).to_have_value("")
    look(page, site)


def test_without_scripts_the_municipalities_are_all_there_and_the_chosen_ones_named(serve_anew, enter):
    site = serve_anew("problem_call+")
    page = enter(site, "officer", java_script_enabled=False)
    page.goto(f"/en{site.path('problems:write', competition='competition', code='problem')}")
    page.get_by_text("Report together with other municipalities").click()
    expect(page.get_by_label("Find a municipality")).to_be_hidden()
    page.get_by_label("Lohja").check()
    page.get_by_role("button", name="Save the draft").click()
    expect(page.locator("[data-chosen]")).to_have_text("Lohja")
