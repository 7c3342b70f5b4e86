"""The main path of each role, from the first page to the receipt, as a person goes it."""

import io
import random
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.looking import LANGUAGES, faults_of, translated
from tests.proposals.pdf import pdf_bytes

HELSINKI = ZoneInfo("Europe/Helsinki")
PASSWORD = "a long enough sentence"


def press(page, button):
    """Press the button of this name with the keyboard, as one who does not use a mouse does, and wait for the page that follows.

    The parts of a button are boxes beside one another, so its name has a space before the part that only a reader hears.
    """
    name = re.compile(f"^{re.escape(button)}$".replace(":", " ?:"))
    with page.expect_navigation():
        page.get_by_role("button", name=name).press("Enter")


def send(page):
    """Send the form in whose field one stands."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def look(page, site):
    """Look at a page that only its own moment has, in all languages; end where it began."""
    here = page.url
    path = here.removeprefix(site.url).removeprefix("/en")
    found = []
    for language in LANGUAGES:
        page.goto(translated(path, language))
        found += [f"{page.url} {fault}" for fault in faults_of(page, language)]
    page.goto(here)
    assert found == []


def take_link(site, page, address, part):
    """Open the newest link in the address's mails that holds `part`, in English, as soon as the mail is there."""
    for _ in range(100):
        if links := [path for path in site.links_to(address) if part in path]:
            page.goto("/en" + re.sub("^/(en|sv)/", "/", links[0]))
            return
        page.wait_for_timeout(200)
    raise AssertionError(f"no mail to {address} has a link with {part}")


def join(site, page, address, name, part="/invitations/"):
    """Make an account through the link in the invitation and accept."""
    take_link(site, page, address, part)
    look(page, site)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Create the account and accept")


@pytest.mark.meets("competitions:found", "competitions:criterion", "competitions:remove_criterion")
def test_an_organiser_writes_a_criterion(serve_anew, enter):
    site = serve_anew("setup")
    site.make_operator("organiser.rehearsal-7@klash.invalid")
    page = enter(site, "organiser")
    page.goto("/en/competitions/new/")
    look(page, site)
    page.goto(f"/en{site.path('competitions:add_criterion', competition='competition', kind='judging')}")
    for language in ("fi", "sv"):
        page.locator(f"[name=name_{language}]").fill("vaikuttavuus")
        page.locator(f"[name=meaning_{language}]").fill("Mikä muuttuu?")
    page.get_by_label("Weight").fill("40")
    press(page, "Save the criterion")
    page.get_by_role("link", name="Vaikuttavuus", exact=True).click()
    look(page, site)
    page.goto(f"/en{site.path('competitions:criteria', competition='competition')}")
    page.locator("a[href$='/remove/']").last.click()
    look(page, site)


@pytest.mark.meets("competitions:section", "competitions:question", "competitions:remove_question", "competitions:remove_section")
def test_an_organiser_makes_the_form_of_a_proposal(serve_anew, enter):
    site = serve_anew("setup")
    page = enter(site, "organiser")
    at = {"competition": "competition", "stage": "proposals"}
    page.goto(f"/en{site.path('competitions:add_question', **at)}")
    for language in ("fi", "sv", "en"):
        page.locator(f"[name=heading_{language}]").fill("Riskit")
    page.locator("label", has_text="may be left empty").click()  # its circle lies over the button
    expect(page.locator("#preview")).to_contain_text("Riskit")
    press(page, "Save the question")
    risks = page.locator("[data-question]").filter(has_text="Riskit")
    risks.get_by_role("button", name="Up").press("Enter")
    expect(page.get_by_role("status").filter(has_text="Moved")).to_have_count(1)
    expect(page.locator("[data-question]").nth(3)).to_contain_text("Riskit")
    page.set_viewport_size({"width": 1280, "height": 2400})  # a hand scrolls while it drags
    with page.expect_response(lambda reply: "/move/" in reply.url):
        page.locator("[data-question]").nth(3).locator("[data-handle]").drag_to(page.locator("[data-question]").first, target_position={"x": 40, "y": 5})
    expect(page.locator("[data-question]").first).to_contain_text("Riskit")
    page.reload()
    expect(page.locator("[data-question]").first).to_contain_text("Riskit")
    risks.get_by_role("link", name="Change").click()
    page.locator("[name=heading_en]").fill("Risks")
    page.get_by_role("button", name="Save the question").press("Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.locator("[data-question]").first).to_contain_text("Risks")
    page.goto(f"/en{site.path('competitions:question', **at, code='impact')}")
    look(page, site)
    page.goto(f"/en{site.path('competitions:remove_question', **at, code='impact')}")
    look(page, site)
    page.goto(f"/en{site.path('competitions:section', **at, code='main')}")
    look(page, site)
    page.goto(f"/en{site.path('competitions:remove_section', **at, code='main')}")
    look(page, site)


@pytest.mark.meets("accounts:confirm", "problems:withdraw")
def test_an_officer_reports_a_problem(serve_anew, enter):
    site = serve_anew("problem_call")
    page = enter(site)
    page.goto("/en/")
    page.get_by_role("link", name="Problems").first.click()
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("link", name="I have no account yet").click()
    page.get_by_label("E-mail").fill("uusi.virkailija@kunta.invalid")
    send(page)
    take_link(site, page, "uusi.virkailija@kunta.invalid", "/confirm/")
    look(page, site)
    page.get_by_label("Your name").fill("Uusi Virkailija")
    page.get_by_label("Password").fill(PASSWORD)
    send(page)
    expect(page.get_by_text("Your account is ready")).to_be_visible()

    page.goto(f"/en{site.path('problems:list', competition='competition')}")
    page.get_by_role("link", name="Report a problem").first.click()
    page.get_by_label("Your municipality").select_option(label="Janakkala")
    press(page, "Start writing")
    page.get_by_label("Title").press_sequentially("Kirjasto on kiinni iltaisin")
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    page.reload()
    expect(page.get_by_label("Title")).to_have_value("Kirjasto on kiinni iltaisin")

    page.get_by_label("Theme").select_option(index=1)
    for name in ("summary", "situation", "affected", "tried", "goal", "commitment"):
        page.locator(f"[name={name}]").fill(f"Keksitty kohta: {name}.")
    expect(page.locator("#count_goal")).to_have_text("3 words")
    press(page, "Save and go to the summary")
    expect(page.get_by_text("Not submitted yet.")).to_be_visible()
    press(page, "Submit the problem")
    expect(page.get_by_role("heading", level=1)).to_have_text("The problem is submitted")
    expect(page.get_by_role("button", name="Print the receipt")).to_be_visible()

    page.goto(page.url.replace("/receipt/", "/withdraw/"))
    look(page, site)
    enter(site).goto(page.url.replace("/withdraw/", "/"))


@pytest.mark.meets("reviewing:preferences")
def test_a_panellist_says_what_would_suit(serve_anew, enter):
    site = serve_anew("problem_selection+")
    site.unopen_round("problems")
    page = enter(site, "panellist")
    page.goto(f"/en{site.path('reviewing:take', code='panel_round')}")
    look(page, site)
    page.get_by_role("checkbox").first.check()
    press(page, "Save the answer")
    expect(page.get_by_role("heading", level=1)).to_have_text("What you would like to review")
    look(page, site)
    page.locator("select").first.select_option(label="I would like to review it")
    press(page, "Save the wishes")
    expect(page.locator("select").first).to_have_value("want")
    organiser = enter(site, "organiser")
    organiser.goto(f"/en{site.path('desk:assign', competition='competition', round='panel_round')}")
    organiser.get_by_label("Weight of the reviewers’ wishes").fill("60")
    press(organiser, "Make a proposal")
    expect(organiser.get_by_text("Weights used: own words 40, topics 30, wishes 60.")).to_be_visible()
    look(organiser, site)


@pytest.mark.meets("accounts:reset_confirm")
def test_a_forgotten_password_is_set_anew(serve_anew, enter):
    site = serve_anew("problem_call")
    page = enter(site)
    address = "organiser.rehearsal-7@klash.invalid"
    page.goto("/en/accounts/reset/")
    page.get_by_label("E-mail").fill(address)
    send(page)
    take_link(site, page, address, "/reset/")
    look(page, site)
    page.get_by_label("password").first.fill(PASSWORD)
    send(page)
    page.get_by_label("E-mail").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("My tasks")


@pytest.mark.meets("accounts:invitation", "teams:join", "teams:withdraw")
def test_a_leader_founds_a_team_and_applies(serve_anew, enter):
    site = serve_anew("team_call")
    page = enter(site, "outsider")
    page.goto(f"/en{site.path('challenges:challenge', competition='competition', challenge='challenge')}")
    page.get_by_role("link", name="Found a team").click()
    page.get_by_label("Name of the team").fill("Iltakirjasto")
    send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Who is in the team")
    second = page.url
    newcomer, known = "jasen@kunta.invalid", "other_organiser.rehearsal-7@klash.invalid"
    for address in (newcomer, known):
        page.goto(second)
        page.get_by_label("E-mail of the new member").fill(address)
        press(page, "Send the invitation")
    member = enter(site)
    join(site, member, newcomer, "Uusi Jäsen", part="/teams/join/")
    expect(member.get_by_role("heading", level=1)).to_have_text("Iltakirjasto")
    member = enter(site, "other_organiser")
    take_link(site, member, known, "/teams/join/")
    look(member, site)
    press(member, "Join the team")
    expect(member.get_by_role("heading", level=1)).to_have_text("Iltakirjasto")

    page.goto(second)
    page.get_by_role("link", name="Go on later: open the team’s page").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Iltakirjasto")
    page.get_by_role("link", name="Write the application").click()
    for name in ("know_how", "idea", "motivation"):
        page.locator(f"[name={name}]").press_sequentially("Osaamme tämän.")
    expect(page.locator("#saved")).to_contain_text("The application has not been submitted yet")
    press(page, "Go on to the summary")
    press(page, "Submit the application")
    expect(page.locator(".receipt")).to_contain_text("The application has been submitted and stands.")
    page.get_by_role("link", name="Withdraw the application").click()
    look(page, site)


def test_a_panellist_scores_with_the_keyboard(serve_anew, enter):
    site = serve_anew("problem_selection+")
    page = enter(site, "panellist")
    page.goto(f"/en{site.path('reviewing:round', code='panel_round')}")
    page.get_by_role("row").filter(has_text="not started").first.get_by_role("link").click()
    page.wait_for_load_state()  # the keys work when the scripts are there
    first = page.url
    for key in ("8", "1"):
        page.keyboard.press(key)
        page.keyboard.press("Enter")
    page.keyboard.press("1")
    page.keyboard.press("0")
    page.keyboard.press("Enter")
    page.keyboard.press("6")
    assert page.locator("[data-scoring] input:checked").evaluate_all("all => all.map(one => one.value)") == ["8", "1", "10", "6"]
    expect(page.locator(".band:visible")).to_have_count(12)
    expect(page.locator(".band.on")).to_have_count(4)
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    page.keyboard.press("Enter")
    page.keyboard.type("Perustelu, jossa j ja k ovat kirjaimia.")
    assert page.url == first
    page.get_by_role("heading", level=1).click()
    step = "j" if page.locator("[data-next]").count() else "k"
    page.keyboard.press(step)
    page.wait_for_url(lambda url: url != first)
    page.keyboard.press("k" if step == "j" else "j")
    page.wait_for_url(first)
    expect(page.locator("[data-scoring] input:checked")).to_have_count(4)
    expect(page.locator("textarea[name=comment]")).to_have_value("Perustelu, jossa j ja k ovat kirjaimia.")
    press(page, "Submit the review and go on")
    page.wait_for_url(lambda url: url != first)
    page.goto(first)
    expect(page.locator("#saved")).to_contain_text("Submitted")


def test_an_organiser_moves_a_meeting_by_keyboard_and_by_mouse_pins_it_and_publishes(serve_anew, enter):
    site = serve_anew("mentoring+")
    site.add_slots(3, 5)
    page, mentor = enter(site, "organiser"), enter(site, "mentor")
    page.goto(f"/en{site.path('mentoring:plan', competition='competition')}")
    slots, meeting = page.locator("[data-slot]"), page.locator("[data-pick]")
    expect(slots.nth(0).locator("[data-pick]")).to_have_count(1)
    meeting.focus()
    page.keyboard.press("Space")
    expect(slots.nth(0).locator(".says")).to_have_text("where it is now")
    expect(slots.nth(1).locator(".says")).to_have_text("possible")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#said")).to_contain_text("possible")
    page.keyboard.press("Enter")
    expect(slots.nth(1).locator("[data-pick]")).to_be_focused()
    page.locator("[data-meeting]").hover()
    before = slots.nth(2).bounding_box()
    page.mouse.down()
    slots.nth(2).hover()
    expect(slots.nth(2).locator(".says")).to_have_text("possible")
    assert slots.nth(2).bounding_box() == before  # nothing moves under the pointer
    slots.nth(2).hover(position={"x": 12, "y": 12})  # a pointer that rests tells nothing here, in a hand it does
    page.mouse.up()
    expect(slots.nth(2).locator("[data-pick]")).to_have_count(1)
    meeting.focus()
    page.keyboard.press("p")
    expect(slots.nth(2).get_by_text("pinned")).to_be_visible()
    look(page, site)
    was = mentor.goto(site.path("mentoring:timetable", competition="competition")) and mentor.locator("main").inner_text()
    page.goto(f"/en{site.path('mentoring:publish_plan', competition='competition')}")
    press(page, "Publish the timetable")
    expect(page.get_by_text("The timetable is published.")).to_be_visible()
    mentor.reload()
    assert mentor.locator("main").inner_text() != was


@pytest.mark.meets("mentoring:note", "mentoring:feedback")
def test_a_mentor_writes_a_note_and_both_give_feedback(serve_anew, enter):
    site = serve_anew("mentoring+")
    site.move(days=1, hours=1)
    mentor, leader = enter(site, "mentor"), enter(site, "leader")
    mentor.goto(f"/en{site.path('mentoring:timetable', competition='competition')}")
    mentor.locator("main .card a").first.click()
    session = mentor.url
    mentor.goto(f"{session}note/")
    look(mentor, site)
    mentor.get_by_label("Note to the team").fill("Kokeilkaa ensin yhdessä kirjastossa.")
    press(mentor, "Save the note")
    mentor.get_by_label("One piece of advice").fill("Kysykää ensin asukkailta.")
    mentor.get_by_role("button", name="Add the advice").press("Enter")
    expect(mentor.get_by_text("1 piece of advice.")).to_be_visible()
    expect(mentor.get_by_label("One piece of advice")).to_be_focused()
    press(mentor, "Mark the session as held")
    for page, marks, words in ((mentor, ["5 – very useful"], "What was strong?"), (leader, ["4 – useful", "5 – very frank"], "In your own words")):
        page.goto(f"{session}feedback/")
        look(page, site)
        for mark in marks:
            page.get_by_label(mark).focus()
            page.keyboard.press("Space")
        page.get_by_label(words).fill("Hyvä tapaaminen.")
        press(page, "Give feedback")
    expect(leader.get_by_text("Kokeilkaa ensin yhdessä kirjastossa.")).to_be_visible()
    expect(leader.get_by_text("Mark 5 of 5")).to_be_visible()
    leader.get_by_role("link", name="Answer the advice").click()
    leader.get_by_label("Taken up", exact=True).focus()
    leader.keyboard.press("Space")
    leader.get_by_role("button", name="Save the answer").press("Enter")
    expect(leader.locator("summary", has_text="Change the answer")).to_be_focused()
    mentor.reload()
    expect(mentor.get_by_text("Mark 4 of 5")).to_be_visible()


def test_a_leader_writes_and_submits_a_proposal(serve_anew, enter):
    site = serve_anew("proposals")
    page = enter(site, "leader")
    page.goto(f"/en{site.path('proposals:edit', competition='competition', team='team')}")
    press(page, "Start the proposal")
    page.get_by_label("Title").press_sequentially("Avain iltaan")
    expect(page.locator("#saved")).to_contain_text("The proposal has not been submitted yet")
    for name in ("solution", "impact", "novelty", "spreading"):
        page.locator(f"[name={name}]").fill("Asukas avaa oven kirjastokortilla.")
    press(page, "Save the draft")
    sent = [("liite.pdf", pdf_bytes(pages=2)), ("sivu.pdf", b"Hei")]
    page.get_by_label("Files").set_input_files([{"name": name, "mimeType": "application/pdf", "buffer": data} for name, data in sent])
    page.get_by_role("button", name="Attach the files").press("Enter")
    expect(page.get_by_role("link", name="liite.pdf")).to_be_visible()
    expect(page.get_by_text("Refused", exact=True)).to_be_visible()
    look(page, site)
    press(page, "Dismiss: sivu.pdf")
    page.locator("[name=impact]").fill("Ovi avautuu, kertoo 040 123 4567.")
    press(page, "Save the draft")
    page.get_by_role("link", name="Check the identity").click()
    look(page, site)
    press(page, "Write [puhelinnumero] here: 040 123 4567")
    page.get_by_role("link", name="Check and submit").click()
    page.get_by_role("link", name="See the proposal as the jury sees it").click()
    expect(page.get_by_role("link", name="1.pdf")).to_be_visible()
    page.get_by_role("link", name="Check and submit").click()
    page.get_by_label("I have looked at the blind copy").check()
    press(page, "Submit the proposal")
    expect(page.get_by_text("The proposal was received. This version stands.")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".receipt")).to_be_visible()
    expect(page.locator("header.top")).to_be_hidden()
    expect(page.locator(".demo")).to_be_hidden()


def test_an_upload_goes_on_after_a_broken_line_and_after_a_reload(serve_anew, enter):
    site = serve_anew("proposals+")
    page = enter(site, "leader")
    address = f"/en{site.path('proposals:edit', competition='competition', team='team')}"
    page.goto(address)
    sent, breaks = [], [2, 3]  # which requests find no server

    def line(route):
        place = route.request.headers["upload-offset"]
        sent.append(place)
        route.abort() if len(sent) in breaks else route.continue_()

    page.route("**/uploads/*/", line)
    picture = {"name": "kartta.png", "mimeType": "image/png", "buffer": noise(900)}
    told, size = page.locator("#upload-told"), len(picture["buffer"])
    page.get_by_label("Files").set_input_files([picture])
    page.get_by_role("button", name="Attach the files").click()
    expect(page.locator("#uploads")).to_contain_text("kartta.png: the connection broke. What has come is kept.")
    assert list(faults_of(page, "en")) == []
    expect(told).to_have_text("kartta.png: stored", timeout=60_000)
    expect(page.get_by_role("link", name="kartta.png")).to_be_visible()
    assert sent == ["0", *[str(1 << 20)] * 3, str(2 << 20)] and 2 << 20 < size < 3 << 20

    # The page is left in the middle; the same file chosen again goes on where it was.
    sent.clear()
    breaks[:] = range(2, 100)
    picture = {**picture, "name": "toinen.png", "buffer": noise(901)}
    page.get_by_label("Files").set_input_files([picture])
    page.get_by_role("button", name="Attach the files").click()
    expect(told).to_contain_text("toinen.png: the connection broke")
    page.goto(address)
    expect(page.locator("#broken-off")).to_contain_text("toinen.png")
    look(page, site)
    sent.clear()
    breaks.clear()
    page.get_by_label("Files").set_input_files([picture])
    page.get_by_role("button", name="Attach the files").click()
    expect(told).to_have_text("toinen.png: stored", timeout=60_000)
    expect(page.locator("#broken-off")).to_have_count(0)
    assert sent == [str(1 << 20), str(2 << 20)]
    assert all("ERR_FAILED" in fault for fault in page.watch.faults)
    page.watch.faults.clear()  # the line broke as it was meant to


def noise(side):
    """Return a picture that cannot be made smaller."""
    out = io.BytesIO()
    Image.frombytes("RGB", (side, side), random.Random(side).randbytes(side * side * 3)).save(out, "PNG")
    return out.getvalue()


def test_two_members_write_at_once(serve_anew, enter):
    site = serve_anew("proposals+")
    address = f"/en{site.path('proposals:edit', competition='competition', team='team')}"
    leader, member = enter(site, "leader"), enter(site, "member")
    member.watch.allowed = {409, 422}
    for page in (leader, member):
        page.goto(address)

    def write(page, name, text):
        page.locator(f"[name={name}]").press("Control+End")
        with page.expect_response(lambda answer: answer.url.endswith("/save/")) as heard:
            page.locator(f"[name={name}]").press_sequentially(text)
        return heard.value.status

    # In different sections nobody is in the way of the other.
    assert write(leader, "solution", " Johtaja lisäsi.") == write(member, "impact", " Jäsen lisäsi.") == 200
    expect(member.locator("#saved")).to_contain_text("Someone else has written here meanwhile: Solution.")
    assert write(member, "impact", " Ja vielä.") == 200
    member.get_by_role("link", name="Open the newest text").click()
    expect(member.locator("[name=solution]")).to_have_value(re.compile("Johtaja lisäsi"))
    expect(member.locator("[name=impact]")).to_have_value(re.compile("Jäsen lisäsi. Ja vielä"))

    # In one section both versions are shown.
    assert write(leader, "solution", " Ensimmäinen.") == 200 and write(member, "solution", " Toinen.") == 422
    member.get_by_role("button", name="Show both versions").click()
    expect(member.get_by_role("heading", name="What is saved now")).to_be_visible()
    expect(member.locator("section", has=member.locator("#both"))).to_contain_text("Ensimmäinen.")
    expect(member.locator("[name=solution]")).to_have_value(re.compile("Toinen"))
    assert faults_of(member, "en") == []

    # What the application said stands beside and replaces nothing; the Enter key in a field saves and does nothing else.
    press(leader, "Bring what the application said: Solution")
    expect(leader.get_by_text("There is text in this section already")).to_be_visible()
    look(leader, site)
    leader.locator("[name=solution]").fill("")
    leader.get_by_label("Title").press("Enter")
    leader.wait_for_load_state()
    expect(leader.locator("[name=solution]")).to_have_value("")
    press(leader, "Bring what the application said: Solution")
    expect(leader.locator("[name=solution]")).not_to_have_value("")

    # What was typed while the line was down stands beside what was saved meanwhile.
    member.goto(address)
    member.context.set_offline(True)
    member.locator("[name=novelty]").fill("Ilman yhteyttä kirjoitettu.")
    assert write(leader, "novelty", " Yhteydellä kirjoitettu.") == 200
    member.context.set_offline(False)
    member.watch.faults.clear()  # the line was down as it was meant to
    member.goto(address)
    beside = member.locator("[role=group]", has=member.get_by_role("button", name="Put my text in its place"))
    expect(beside).to_contain_text("Ilman yhteyttä kirjoitettu.")
    expect(member.locator("[name=novelty]")).to_have_value(re.compile("Yhteydellä kirjoitettu"))
    look(member, site)
    with member.expect_response(lambda answer: answer.url.endswith("/save/")) as heard:
        beside.get_by_role("button", name="Put my text in its place").click()
    assert heard.value.status == 200
    expect(beside).to_have_count(0)
    member.goto(address)
    expect(member.locator("[name=novelty]")).to_have_value("Ilman yhteyttä kirjoitettu.")
    expect(beside).to_have_count(0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_demos_bar_takes_one_row_on_a_wide_screen(serve, enter, language):
    site = serve("proposals+")
    page = enter(site, viewport={"width": 1280, "height": 800})
    page.goto(translated("/", language))
    tops = page.locator(".demo :is(b, span, label, select, button, a)").evaluate_all("rows => rows.map(row => { const box = row.getBoundingClientRect(); return box.top + box.height / 2; })")
    assert len(tops) > 6 and max(tops) - min(tops) < 3
    assert page.evaluate("document.documentElement.scrollWidth") == 1280


def test_a_jury_finds_the_winner_and_the_public_reads_of_it(serve_anew, enter):
    site = serve_anew("judging")
    organiser, registrar = enter(site, "organiser"), enter(site, "registrar")
    opening = f"/en{site.path('proposals:opening', competition='competition', challenge='challenge')}"
    award = f"/en{site.path('awards:award', competition='competition', challenge='challenge')}"

    # The organiser prepares the jury and invites it; the first invited chairs.
    organiser.goto(f"/en{site.path('desk:round', competition='competition')}")
    form = organiser.locator("form").filter(has=organiser.get_by_role("button", name="Prepare the jury")).first
    now = site.now.astimezone(HELSINKI)
    form.get_by_label("The jury begins").fill((now + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M"))
    form.get_by_label("Reviews are in by").fill((now + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M"))
    with organiser.expect_navigation():
        form.get_by_role("button").press("Enter")
    jurors = {"puheenjohtaja@tuomarit.invalid": enter(site), "tuomari@tuomarit.invalid": enter(site)}
    for number, address in enumerate(jurors):
        organiser.goto(opening)
        organiser.get_by_label("Name", exact=True).fill(f"Keksitty Tuomari {number}")
        organiser.get_by_label("E-mail", exact=True).fill(address)
        if number == 0:
            organiser.get_by_label("Chairs the jury").check()
        press(organiser, "Send the invitation")
    for address, page in jurors.items():
        join(site, page, address, address.partition("@")[0].title())

    # Two persons open the proposals.
    registrar.goto(opening)
    press(registrar, "Request the opening")
    organiser.goto(opening)
    press(organiser, "Confirm the opening")
    registrar.goto(opening)
    press(registrar, "Open the proposals")

    # The registrar clears every copy and releases them together.
    registrar.get_by_role("link", name="Go to the clearing").click()
    while registrar.get_by_role("button", name="Release all copies to the jury").count() == 0:
        registrar.get_by_role("row").filter(has_text="to be cleared").first.get_by_role("link").click()
        press(registrar, "Clear this copy")
    press(registrar, "Release all copies to the jury")
    site.move(minutes=10)

    # Each juror takes the task and judges; the first entry in the order of code names is the better one.
    for page in jurors.values():
        page.goto("/en/review/")
        page.get_by_role("link", name="Read the task and answer").click()
        press(page, "Accept the task and the terms")
        rows = page.get_by_role("row").filter(has=page.get_by_role("link"))
        best = min(rows.nth(i).get_by_role("cell").first.inner_text() for i in range(rows.count()))
        rows.first.get_by_role("link").click()
        for _ in range(rows.count() or 2):
            points = "9" if best in page.locator(".doc .tag").first.inner_text() else "3"
            page.locator("[data-scoring] input[type=radio]").first.focus()
            for _ in range(page.locator("[data-scoring] fieldset").count()):
                page.keyboard.press(points)
                page.keyboard.press("Enter")
            page.keyboard.type("Perustelu.")
            here = page.url
            press(page, "Submit the review and go on")
            page.wait_for_url(lambda url, here=here: url != here)
            if page.locator("[data-scoring]").count() == 0:
                break
        expect(page.locator(".tag.moss")).to_have_count(2)

    # The organiser closes the judging; the chair writes the report, and all sign it.
    organiser.goto(award)
    press(organiser, "Close the judging")
    chair = next(iter(jurors.values()))
    chair.get_by_role("link").first.focus()
    chair.reload()
    chair.get_by_role("link", name="See the result").click()
    chair.get_by_role("link", name="Write the report").click()
    for area in chair.locator("form textarea").all():
        area.fill("Perusteltu.")
    press(chair, "Save and send for signing")
    for page in jurors.values():
        page.goto(chair.url)
        press(page, "Sign this version")
    expect(page.get_by_text("Everyone has signed.")).to_be_visible()

    # Two persons open the identities; the organiser decides and publishes.
    registrar.goto(award)
    if registrar.get_by_role("button", name="Request the opening of identities").count() == 0:
        organiser.goto(award)
    press(registrar, "Request the opening of identities")
    organiser.goto(award)
    press(organiser, "Open the identities")
    organiser.get_by_role("checkbox").first.check()
    winner = organiser.get_by_role("checkbox").first.evaluate("box => box.labels[0].innerText").strip()
    organiser.get_by_label("Decision and its reasons").fill("Tuomariston lausunnon mukaan.")
    press(organiser, "Record the decision")
    site.move(days=40)
    organiser.goto(award)
    press(organiser, "Publish the winner")
    expect(organiser.get_by_text("The winner has been published.")).to_be_visible()

    visitor = enter(site)
    visitor.goto("/en/")
    expect(visitor.locator("#challenges")).to_contain_text(winner)
    feed = visitor.request.get(site.path("awards:feed", competition="competition"))
    assert (feed.status, winner in feed.text()) == (200, True)
