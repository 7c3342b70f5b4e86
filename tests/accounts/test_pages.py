import re

import pytest
from django.utils import translation

from klash.accounts import services
from klash.accounts.forms import NewPasswordForm
from klash.accounts.models import Invitation, RoleGrant, User
from klash.core import audit
from klash.post.models import Message
from klash.rules.roles import Role
from tests.conftest import make_person

pytestmark = pytest.mark.django_db(databases="__all__")
PASSWORD = "kolme pitkää sanaa"


def link_in(message, part):
    return re.search(rf"https?://[^/\s]+(/\S*{part}\S*)", message.body).group(1)


def without_tokens(response):
    return re.sub(r'nonce="[^"]*"|[A-Za-z0-9]{64}|\d{4}-\d\d-\d\dT[^"]*', "", response.content.decode())


@pytest.fixture
def person():
    return make_person("tuttu", password=PASSWORD)


def ask(client, url, email):
    response = client.post(url, {"email": email})
    assert response.status_code == 200
    return without_tokens(response).replace(email, "ADDRESS")


@pytest.mark.parametrize("url", ["/accounts/sign-up/", "/sv/accounts/sign-up/", "/accounts/reset/", "/en/accounts/reset/"])
def test_known_and_unknown_address_get_the_same_answer(client, person, url):
    assert ask(client, url, "uusi@example.org") == ask(client, url, person.email)
    assert sorted(Message.objects.values_list("to", flat=True)) == ["tuttu@example.org", "uusi@example.org"]


def test_sign_up_by_mail_creates_one_account_and_signs_in(client):
    client.post("/sv/accounts/sign-up/", {"email": "Uusi@Example.org "})
    link = link_in(Message.objects.get(), "confirm")
    assert not User.objects.exists()
    assert client.get(link).status_code == 200
    assert client.post(link, {"name": "Uusi Ihminen", "password": PASSWORD}).status_code == 302
    made = User.objects.get()
    assert (made.email, made.name, made.language) == ("uusi@example.org", "Uusi Ihminen", "sv")
    assert client.get("/accounts/profile/").status_code == 200


def test_sign_up_leads_back_to_where_one_was_going(client):
    client.post("/accounts/sign-up/", {"email": "uusi@example.org", "next": "/accounts/profile/"})
    link = link_in(Message.objects.get(), "confirm")
    assert client.post(link, {"name": "Uusi", "password": PASSWORD})["Location"] == "/accounts/profile/"


def test_a_sign_up_link_works_once(client):
    client.post("/accounts/sign-up/", {"email": "uusi@example.org"})
    link = link_in(Message.objects.get(), "confirm")
    client.post(link, {"name": "Uusi", "password": PASSWORD})
    client.logout()
    assert client.get(link).status_code == 404
    assert client.post(link, {"name": "Toinen", "password": PASSWORD}).status_code == 404
    assert [user.name for user in User.objects.all()] == ["Uusi"]


def test_a_sign_up_link_grows_old_and_cannot_be_forged(client, world, at):
    with at("problem_call"):
        client.post("/accounts/sign-up/", {"email": "uusi@example.org"})
    link = link_in(Message.objects.get(), "confirm")
    with at("problem_selection"):
        assert client.get(link).status_code == 404
    with at("problem_call"):
        assert client.get(link).status_code == 200
        assert client.get(link[:-4] + "abc/").status_code == 404


@pytest.mark.parametrize("password", ["lyhyt", "password1234", "uusi@example.org", "Uusi Ihminen1"])
def test_weak_passwords_are_refused_and_the_name_stays(client, password):
    client.post("/accounts/sign-up/", {"email": "uusi@example.org"})
    response = client.post(link_in(Message.objects.get(), "confirm"), {"name": "Uusi Ihminen", "password": password})
    assert response.status_code == 200 and "Uusi Ihminen" in response.content.decode()
    assert response.context["form"].errors["password"] and not User.objects.exists()


@pytest.mark.parametrize(("language", "password", "words"), [
    ("fi", "abc", "Salasana on liian lyhyt. Kirjoita vähintään 12 merkkiä."),
    ("sv", "abc", "Lösenordet är för kort. Skriv minst 12 tecken."),
    ("en", "abc", "The password is too short. Write at least 12 characters."),
    ("fi", "password1234", "Salasana on yleinen ja helppo arvata. Kirjoita toinen."),
    ("sv", "password1234", "Lösenordet är vanligt och lätt att gissa. Skriv ett annat."),
    ("fi", "uusi@example.org", "Salasana muistuttaa liikaa nimeäsi tai sähköpostiosoitettasi."),
    ("sv", "uusi@example.org", "Lösenordet liknar ditt namn eller din e-postadress för mycket."),
])
def test_the_fault_of_a_password_is_told_in_the_language_of_the_page(language, password, words):
    with translation.override(language):
        form = NewPasswordForm({"password": password}, person=User(email="uusi@example.org"))
        assert words in form.errors["password"]


def test_a_known_address_is_told_by_mail_that_it_has_an_account(client, person):
    client.post("/accounts/sign-up/", {"email": person.email})
    assert "/accounts/sign-in/" in Message.objects.get().body and "confirm" not in Message.objects.get().body


def test_sign_in_and_out(client, person):
    wrong = client.post("/accounts/sign-in/", {"email": person.email, "password": "väärä"})
    assert wrong.status_code == 200 and wrong.context["form"].non_field_errors()
    assert client.post("/accounts/sign-in/", {"email": "TUTTU@example.org", "password": PASSWORD})["Location"] == "/tasks/"
    assert client.get("/accounts/sign-in/").status_code == 302
    assert client.get("/accounts/sign-out/").status_code == 405
    client.post("/accounts/sign-out/")
    assert client.get("/accounts/profile/")["Location"] == "/accounts/sign-in/?next=/accounts/profile/"


def test_unknown_address_and_wrong_password_look_alike(client, person):
    answers = [
        without_tokens(client.post("/accounts/sign-in/", {"email": email, "password": "väärä"})).replace(email, "ADDRESS")
        for email in (person.email, "uusi@example.org")
    ]
    assert answers[0] == answers[1]


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/x", "javascript:alert(1)", "https:evil.example"])
def test_next_leads_only_to_the_own_host(client, person, elsewhere):
    response = client.post("/accounts/sign-in/", {"email": person.email, "password": PASSWORD, "next": elsewhere})
    assert response["Location"] == "/tasks/"


def test_next_on_the_own_host_is_followed(client, person):
    page = client.get("/accounts/sign-in/?next=/accounts/profile/")
    assert 'value="/accounts/profile/"' in page.content.decode()
    response = client.post("/accounts/sign-in/", {"email": person.email, "password": PASSWORD, "next": "/accounts/profile/"})
    assert response["Location"] == "/accounts/profile/"


def test_reset_sets_a_new_password_once(client, person):
    client.post("/accounts/reset/", {"email": person.email})
    link = link_in(Message.objects.get(), "reset/")
    assert f"Vaihdat tilin <b>{person.email}</b> salasanan." in client.get(link).content.decode()
    assert client.post(link, {"password": "lyhyt"}).status_code == 200
    assert client.post(link, {"password": "aivan toinen lause"})["Location"] == "/accounts/sign-in/"
    person.refresh_from_db()
    assert person.check_password("aivan toinen lause")
    assert client.get(link).status_code == 404
    assert client.post(link, {"password": "vielä kolmas lause"}).status_code == 404


def test_reset_of_an_unknown_address_sends_no_link(client):
    client.post("/accounts/reset/", {"email": "uusi@example.org"})
    assert "/accounts/sign-up/" in Message.objects.get().body
    assert client.get("/accounts/reset/ei-ole/abc/").status_code == 404


def test_profile_is_saved(client, person):
    client.force_login(person)
    assert client.post("/accounts/profile/", {"name": "Uusi Nimi", "language": "sv"}).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.language) == ("Uusi Nimi", "sv")
    assert client.post("/accounts/profile/", {"name": "", "language": "xx"}).status_code == 200


def test_whoever_is_signed_in_needs_no_sign_up(client, person):
    client.force_login(person)
    assert client.get("/accounts/sign-up/")["Location"] == "/tasks/"


def test_mail_follows_the_language_of_the_person(client):
    make_person("maria", language="sv")
    client.post("/accounts/reset/", {"email": "maria@example.org"})
    message = Message.objects.get()
    assert message.language == "sv" and "/sv/accounts/reset/" in message.body


# Invitations

@pytest.fixture
def organiser(world, cast):
    return cast["organiser"]


@pytest.fixture
def invited(organiser):
    def make(email="uusi@example.org", role=Role.MENTOR):
        invitation, token = services.invite(actor=organiser, email=email, role=role, competition="klash-test")
        return invitation, f"/accounts/invitations/{token}/"

    return make


def test_an_invitation_tells_what_it_offers_and_does_nothing_by_being_opened(client, invited, organiser):
    invitation, url = invited()
    page = client.get(f"/en{url}").content.decode()
    assert all(text in page for text in ("mentor", "Klash", organiser.name, "uusi@example.org"))
    assert Invitation.objects.get(pk=invitation.pk).accepted_at is None and not User.objects.filter(email="uusi@example.org").exists()


def test_a_new_person_creates_an_account_and_accepts_at_once(client, invited):
    _invitation, url = invited()
    assert client.post(url, {"name": "", "password": PASSWORD}).status_code == 200
    assert client.post(url, {"name": "Uusi", "password": PASSWORD})["Location"] == "/c/klash-test/mentoring/profile/"
    person = User.objects.get(email="uusi@example.org")
    assert person.roles_in("klash-test") == {Role.MENTOR}
    assert client.get("/accounts/profile/").status_code == 200


def test_a_known_person_signs_in_first(client, invited, person):
    _invitation, url = invited(person.email)
    page = client.get(url).content.decode()
    assert f"/accounts/sign-in/?next={url}" in page and 'name="password"' not in page
    assert client.post(url, {"name": "Vieras", "password": PASSWORD}).status_code == 200
    assert person.roles_in("klash-test") == frozenset()
    client.force_login(person)
    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 302
    person.forget_roles()
    assert person.roles_in("klash-test") == {Role.MENTOR}


def test_used_old_and_unknown_invitations_are_the_same_404(client, invited, world, at, cast):
    with at("problem_call"):
        _used, used = invited()
        client.post(used, {"name": "Uusi", "password": PASSWORD})
        client.get("/accounts/profile/")
        _old, old = invited("toinen@example.org")
    with at("team_call"):
        pages = [client.get(url) for url in (used, old, "/accounts/invitations/ei-ole/")]
    assert [page.status_code for page in pages] == [404, 404, 404]
    assert len({without_tokens(page).replace(url, "") for page, url in zip(pages, (used, old, "/accounts/invitations/ei-ole/"), strict=True)}) == 1
    assert RoleGrant.objects.filter(standing__person__email="uusi@example.org").count() == 1


def test_an_invitation_to_another_address_cannot_be_taken(client, invited, person):
    _invitation, url = invited()
    client.force_login(person)
    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 403
    assert not RoleGrant.objects.filter(standing__person=person).exists()


def test_another_side_is_refused_with_the_sentence(client, invited, person, cast):
    _invitation, url = invited(person.email)
    services.grant_role(actor=audit.System(), person=person, role=Role.JUROR, competition="klash-test")
    client.force_login(person)
    response = client.post(f"/en{url}")
    assert response.status_code == 200 and "One person stands on one side only." in response.content.decode()
    assert Invitation.objects.get(email=person.email).accepted_at is None


def test_every_account_page_shows_in_every_language(client, person, invited):
    _invitation, url = invited()
    for prefix in ("", "/sv", "/en"):
        for path in ("/accounts/sign-up/", "/accounts/sign-in/", "/accounts/reset/", url):
            assert client.get(prefix + path).status_code == 200


@pytest.mark.parametrize(("referer", "back"), [
    ("http://testserver/sv/c/klash-test/mentoring/?day=1", "?next=/sv/c/klash-test/mentoring/"), ("https://elsewhere.example/trap/", ""), ("", ""),
])
def test_a_form_sent_signed_out_leads_back_to_the_page_that_held_it(client, world, referer, back):
    answer = client.post("/c/klash-test/mentoring/sessions/x/note/", headers={"Referer": referer})
    assert answer["Location"] == f"/accounts/sign-in/{back}"
