"""The officer's and the juror's paths in a browser that runs no scripts."""

from playwright.sync_api import expect


def test_an_officer_writes_and_submits(serve_anew, enter):
    site = serve_anew("problem_call+")
    page = enter(site, "officer", java_script_enabled=False)
    page.goto(f"/en{site.path('problems:write', competition='competition', code='problem')}")
    page.get_by_label("Title").fill("Kirjasto on kiinni iltaisin")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    page.get_by_role("button", name="Save and go to the summary").click()
    page.get_by_role("button", name="Submit the problem").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The problem is submitted")


def test_a_juror_accepts_and_scores(serve_anew, enter):
    site = serve_anew("judging+")
    page = enter(site, "chair", java_script_enabled=False)
    page.goto("/en/review/")
    page.get_by_role("link", name="Open the reviews").click()
    page.get_by_role("row").filter(has_text="draft").get_by_role("link").click()
    # Without scripts the bands stay in sight, and the menu is not folded away.
    for fieldset in page.locator("[data-scoring] fieldset").all():
        fieldset.get_by_text("7", exact=True).click()
    page.get_by_label("Your reasons").fill("Perustelu.")
    here = page.url
    page.get_by_role("button", name="Submit the review and go on").click()
    assert page.url != here
    page.goto(here)
    expect(page.locator("#saved")).to_contain_text("Submitted")


def test_the_menu_of_a_narrow_screen_is_open(serve, enter):
    page = enter(serve("end"), java_script_enabled=False, viewport={"width": 360, "height": 800})
    page.goto("/en/")
    expect(page.get_by_role("navigation", name="Main navigation")).to_be_visible()
    expect(page.get_by_role("button", name="Menu")).to_be_hidden()
