"""The side channels of anonymity, one test a channel, named as in the table of promises (S1 to S54)."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connections
from django.utils import translation
from django.utils.translation import gettext

from klash.core import clock, show
from klash.proposals import services
from klash.proposals.models import Version
from klash.reviewing.exports import MEDIA
from klash.reviewing.models import Entry
from tests.blind import checks
from tests.blind.crawl import Reply, client_of, get
from tests.blind.worlds import KAARNA_FIRST, LUOTO_LATER, MOMENTS, live, mails, pages, propose, undone
from tests.proposals.pdf import pdf_bytes, upload

pytestmark = pytest.mark.django_db(databases="__all__")
BLIND = ("written", "reading", "complete", "requested")


def everything(world, readers=("juror", "chair"), moments=BLIND):
    return [row for reader in readers for moment in moments for row in world.replies(reader, moment)]


def all_pages(world):
    return [row for moment in MOMENTS for reader in ("juror", "chair") if reader in world.seen[moment] for row in world.replies(reader, moment, is_blind=False)]


def letters(world):
    rows = [mail for name in ("juror", "chair") for mail in world.seen["requested"][f"mail to {name}"].values()]
    return [Reply(mail[1], 200, (), "\n".join(mail).encode()) for mail in rows]


def test_no_integer_ids(first):
    assert len(first.keys) > 100 and min(first.keys) > 7_000_000
    assert checks.integer_ids(all_pages(first), first.keys) == []


def test_no_times(first, contest):
    opens = contest.deadline + timedelta(days=1)
    allowed = [opens, opens + timedelta(days=10), opens + timedelta(minutes=90)]  # begin and end of the round, and now
    days = {form for moment in allowed for form in (show.day(moment), moment.astimezone(show.ZONE).strftime("%Y-%m-%d"))}
    hours = {form for moment in allowed for form in (moment.astimezone(show.ZONE).strftime("%H.%M"), moment.astimezone(show.ZONE).strftime("%H:%M"))}
    assert checks.other_times(first.replies("juror", "reading"), days, hours) == []


def test_headers_equal(first):
    files = [row for row in first.replies("juror", "reading") if row.header("Content-Type") == "application/pdf"]
    assert len(files) == 3
    assert checks.unequal_headers(files, first.codes) == []


def test_names(first):
    assert checks.terms_in(everything(first), first.secrets) == []


def test_no_hash_urls(first):
    assert len(first.hashes) == 49  # of three files, as they came and as they were made anew
    assert checks.terms_in(all_pages(first), first.hashes) == []


def test_dedupe_oracle(contest):
    """The same bytes from two teams are kept twice, under keys that tell nothing (S9)."""
    content = pdf_bytes(pages=4)
    with clock.at(contest.before):
        kept = [services.attach_file(actor=contest.people[name], proposal=contest.write(name), uploaded=upload("a.pdf", content)) for name in ("Kaarna", "Luoto")]
    assert kept[0].key != kept[1].key and kept[0].sha256 == kept[1].sha256


def test_no_outbound(first):
    assert checks.live_links(everything(first)) == []
    assert b"http://kyydit.invalid/esite" in b"".join(row.body for row in first.replies("juror", "reading"))


def test_links_in_a_blind_copy_are_text():
    text = "Katso [esite](http://tiimi.invalid/x), <http://tiimi.invalid/y> ja ![kuva](http://tiimi.invalid/z)."
    assert "<a" in show.prose(text) and not re.search("<(a|img)", show.prose_without_links(text))
    assert all(word in show.prose_without_links(text) for word in ("tiimi.invalid/x", "tiimi.invalid/y", "tiimi.invalid/z"))


def test_lang_attr(first, world_of):
    """The language is the text's, whoever wrote it (S21)."""
    worlds = [first, world_of(LUOTO_LATER)]
    found = [
        {title: re.search(rb'class="doc" lang="(..)"', row.body)[1] for row in world.replies("juror", "reading") for code, title in world.codes.items()
         if row.where.endswith(f"/{code}/")} for world in worlds
    ]
    assert found == [{"Kyydit kylille": b"fi", "Byarnas skjuts": b"sv", "Yhteinen auto": b"fi"}] * 2


def test_mail_fields(first):
    assert len(letters(first)) == 3
    assert checks.terms_in(letters(first), first.secrets) == []


def test_message_id(first):
    """A mail's id tells neither time nor order nor machine (S25)."""
    ids = [mail[5] for name in ("juror", "chair") for mail in first.seen["requested"][f"mail to {name}"].values()]
    assert all(re.fullmatch(r"<[0-9a-f]{32}@klash\.invalid>", one) for one in ids) and len(set(ids)) == 3


def test_search_canary(contest):
    """The one search there is, of problems, tells a team's words from a random word by nothing (S28)."""
    client = client_of(contest.cast["juror"])

    def look():
        faults = []
        with clock.at(contest.before):
            propose(contest, KAARNA_FIRST[0])
            for word in ("Kaarna", "Virtanen", "leader@example.org", "Kyydit"):
                known, unknown = (get(client, f"/c/klash-test/problems/?q={term}") for term in (word, "Zyxwvut"))
                faults += [word] if checks._without(known, word.replace("@", "%40"))[1].replace(word.encode(), b"WORD") != checks._without(unknown, "Zyxwvut")[1] else []
        return faults

    assert undone(look) == []


QUERIES = ["ordering=team__name", "author=Kaarna", "team__email__startswith=a", "q=Kaarna", "sort=-created_at", "page=0", "expand=team", "format=json"]


@pytest.mark.parametrize("query", QUERIES)
def test_filter_fuzz(contest, query):
    """A parameter that the page does not know changes nothing (S29, S37)."""

    def look():
        faults = []

        def compare(moment):
            if moment == "reading":
                client = client_of(contest.cast["juror"])
                code = contest.seats()[0].round.code
                for where in (f"/review/{code}/", f"/review/{code}/{Entry.objects.using('reviewing').order_by('code')[0].code}/", "/review/", "/tasks/"):
                    plain, asked = get(client, where), get(client, f"{where}?{query}")
                    faults.extend([where] if (plain.status, plain.body) != (asked.status, asked.body.replace(f"?{query}".encode(), b"")) else [])

        live(contest, KAARNA_FIRST, compare, until="reading")
        return faults

    assert undone(look) == []


def hidden_and_nothing(contest):
    """Return (address of something hidden, its word, address of nothing, its word) for the juror."""
    version = Version.objects.select_related("proposal__team").order_by("pk")[0]
    file = version.proposal.attachments.all()[0].file.key
    team, entry = version.proposal.team.code, Entry.objects.using("reviewing").order_by("code").first()
    own = "/c/klash-test/teams/{}/proposal/"
    rows = [
        (own.format(team), team, own.format("zzzzzzzzzz"), "zzzzzzzzzz"), (f"/teams/{team}/", team, "/teams/zzzzzzzzzz/", "zzzzzzzzzz"),
        (own.format(team) + f"receipts/{version.receipt}/", version.receipt, own.format(team) + "receipts/zzzzzzzzzzzzzzzz/", "zzzzzzzzzzzzzzzz"),
        (own.format(team) + f"files/{file}/", file, own.format(team) + f"files/{'0' * 32}/", "0" * 32),
        ("/c/klash-test/challenges/kyyti/award/", "kyyti", "/c/klash-test/challenges/nokyy/award/", "nokyy"), ("/desk/klash-test/", "klash-test", "/desk/klash-none/", "klash-none"),
    ]
    if entry is not None:
        code = entry.round.code
        rows += [(f"/review/{code}/{entry.code}/", entry.code, f"/review/{code}/Z2-NOLL/", "Z2-NOLL"), (f"/review/{code}/result/", code, "/review/zzzzzzzzzzzz/result/", "z" * 12)]
        rows += [(f"/review/{code}/{entry.code}/1/", entry.code, f"/review/{code}/Z2-NOLL/1/", "Z2-NOLL")]
    return rows


def told_apart(contest, until="written"):
    """Return what a juror can tell from nothing before the round begins; the entries are written already."""

    def look():
        faults = []

        def compare(moment):
            if moment == until:
                client = client_of(contest.cast["juror"])
                for where, word, nowhere, nothing in hidden_and_nothing(contest):
                    faults.extend(checks.told_apart(get(client, where), get(client, nowhere), word, nothing))
                    faults.extend(checks.told_apart(get(client, where, "post"), get(client, nowhere, "post"), word, nothing) if "/proposal/" in where and where.endswith("proposal/") else [])

        live(contest, KAARNA_FIRST, compare, until=until)
        return faults

    return undone(look)


def test_errors_equal(contest):
    """Not found, not yours and not now are one answer, but for the address that was asked (S32, S33)."""
    assert told_apart(contest) == []


def test_status_equal(contest):
    """Nothing hidden answers with another status than nothing: no 403, no way to a name (S33)."""

    def look():
        found = {}

        def ask(moment):
            if moment == "half":
                client = client_of(contest.cast["juror"])
                found.update({where: get(client, where, method).status for where, *_ in hidden_and_nothing(contest) for method in ("get", "head")})

        live(contest, KAARNA_FIRST, ask, until="half")
        return found

    assert set(undone(look).values()) == {404}


def test_no_store_everywhere(first):
    signed_in = [row for row in all_pages(first) if row.status == 200]
    assert len(signed_in) > 200
    assert checks.kept_by_caches(signed_in) == []


def test_no_avatar(first):
    assert checks.marks_in(everything(first)) == []


# What the result is exported as, once there is one.
EXPORTED = {media.partition(";")[0] for media in MEDIA.values()}


def test_no_ics(first):
    assert {row.header("Content-Type").partition(";")[0] for row in everything(first) if row.status == 200} == {"text/html", "application/pdf", "image/png", *EXPORTED}


def test_head_tags(first):
    """A page's title is the same in every world and names a code or the round, and there is no preview (S42)."""
    titles = {re.search(rb"<title>(.*?)</title>", row.body, re.S)[1].decode() for row in first.replies("juror", "reading") if "/review/" in row.where and row.status == 200 and b"<title>" in row.body}
    with translation.override("fi"):
        own = {gettext("My reviews"), gettext("Submit all that are complete"), gettext("I cannot judge this"), gettext("Decline the task"), gettext("Meeting"), f"{gettext('The task')}: Kyyti kylille", "Kyyti kylille"}
        constant = {*own, *(f"{gettext('Review')} {code}" for code in first.codes), *(f"{code}-1.pdf" for code in first.codes)}
    assert titles == {f"{title} – Klash" for title in constant}


def test_no_presence(contest):
    """A juror sees nothing of whether another has looked in (S41)."""

    def look():
        seen = []

        def twice(moment):
            if moment == "reading":
                seen.append(pages(contest, "juror", is_search=False))
                pages(contest, "chair", is_search=False)
                seen.append(pages(contest, "juror", is_search=False))

        live(contest, KAARNA_FIRST, twice, until="reading")
        return seen

    alone, together = undone(look)
    assert len(alone) > 20 and checks.differences(alone, together) == []


def keys_told(contest, *, is_short=False):
    """Return the code names that a team, or the public, finds on its pages and in its mails before the decision."""

    def look():
        faults = []

        def search(moment):
            if moment in ("reading", "requested"):
                codes = list(Entry.objects.using("reviewing").values_list("code", flat=True))
                for name in ("Kaarna", "Luoto", "nobody"):
                    own = [Reply("mail", 200, (), "\n".join(mail).encode()) for mail in (mails(contest.people[name].email) if name != "nobody" else [])]
                    faults.extend(checks.terms_in([*pages(contest, name, name == "Kaarna" and not is_short).values(), *own], codes))

        live(contest, KAARNA_FIRST, search, until="reading" if is_short else "requested")
        return faults

    return undone(look)


def test_team_never_sees_key(contest):
    assert keys_told(contest) == []


def test_two_logs_no_join(contest):
    """Until every review is in, no page of the identity side shows a code name; the jury's show no person (S27)."""

    def look():
        faults, found = [], []

        def search(moment):
            if moment in ("written", "scored"):
                codes = list(Entry.objects.using("reviewing").values_list("code", flat=True))
                rows = [row for name in ("organiser", "registrar") for row in pages(contest, name, is_search=name == "organiser").values()]
                found.extend(row.status for row in rows)
                faults.extend(checks.terms_in(rows, codes))

        live(contest, KAARNA_FIRST, search, until="scored")
        return faults, found.count(200)

    faults, pages_read = undone(look)
    assert faults == [] and pages_read > 60


IDENTITY = re.compile(r"name|email|team|person|user|member|author|uploaded|received|submitted_by|language")
# Of these only `competition_name` and the criteria's names are said of everybody alike; `author` is empty in a blind round (a test below).
KNOWN = {"Round.competition_name", "Criterion.name", "Entry.author", "Entry.language"}


def test_schema_has_no_identity():
    """No table of the jury has a column for who wrote something (S37)."""
    columns = {f"{model.__name__}.{field.name}" for model in apps.get_app_config("reviewing").get_models() for field in model._meta.fields}
    assert {column for column in columns if IDENTITY.search(column.partition(".")[2])} == KNOWN


def test_no_author_in_a_blind_round(first):
    rows = first.seen["requested"]["database"]["reviewing_entry"]
    assert [(row["author"], row["is_invented"]) for row in rows] == [("", 1)] * 3


def test_no_cross_fk():
    """Read from the catalogue: no constraint of a jury's table leads out of the jury's tables, and none leads in (S50, I13)."""
    led = {}
    for using in ("default", "reviewing"):
        with connections[using].cursor() as cursor:
            for table in connections[using].introspection.table_names(cursor):
                for target in connections[using].introspection.get_relations(cursor, table).values():
                    led[using, table] = led.get((using, table), set()) | {target[1]}
    ours = {key: targets for key, targets in led.items() if key[1].startswith("reviewing_")}
    assert {target.partition("_")[0] for targets in ours.values() for target in targets} == {"reviewing"} and len(ours) == 21
    assert [key for key, targets in led.items() if key not in ours and any(target.startswith("reviewing_") for target in targets)] == []
    assert "proposals_proposal" not in connections["reviewing"].introspection.table_names()
