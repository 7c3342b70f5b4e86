"""Every list is taken along whole, as it is shown: with its filters, by whom may see it, and nobody else."""

import csv
import io

from django.urls import reverse

from klash.challenges.models import Challenge
from tests.staged import CODE, staged  # noqa: F401

LISTS = {
    "problems:screening": "organiser", "problems:themes": "nobody", "problems:map": "nobody", "problems:choose": "organiser",
    "teams:admissions": "organiser", "competitions:promises": "nobody", "competitions:late_codes": "organiser", "competitions:calendar": "nobody",
    "challenges:questions": "nobody", "desk:people": "organiser", "desk:log": "organiser", "desk:mail": "organiser",
}


def rows(answer):
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))


def address(name):
    challenge = [Challenge.objects.order_by("number").first().code] if name.partition(":")[2] in ("admissions", "questions") else []
    return reverse(name, args=[CODE, *challenge])


def test_every_list_is_a_file_for_whom_may_see_it(staged):  # noqa: F811
    with staged.at("end") as state:
        clients = {who: state.client(who) for who in ("organiser", "outsider", "nobody")}
        for name, who in LISTS.items():
            page = address(name)
            is_empty = name == "competitions:late_codes"  # the stages have none, so that there is no link
            shown = clients[who].get(page).content.decode()
            assert is_empty != ('href="?as=csv"' in shown), name
            found = rows(answer := clients[who].get(f"{page}?as=csv"))
            assert answer["Content-Type"].startswith("text/csv") and len(found) > (not is_empty), name
            assert len({len(row) for row in found}) == 1, name
            assert clients[who].get(f"{page}?as=xlsx").content[:2] == b"PK", name
            assert "<h1" in shown and clients[who].get(f"{page}?as=exe").status_code == 200
            if who == "organiser":
                assert clients["outsider"].get(f"{page}?as=csv").status_code == clients["outsider"].get(page).status_code, name
                assert clients["nobody"].get(f"{page}?as=csv").status_code == 302


def test_the_file_holds_all_that_the_filter_leaves(staged):  # noqa: F811
    with staged.at("problem_selection+") as state:
        client, page = state.client("organiser"), address("problems:screening")
        whole, passed = rows(client.get(f"{page}?as=csv")), rows(client.get(f"{page}?outcome=passed&as=csv"))
        waiting = rows(client.get(f"{page}?outcome=waiting&as=csv"))
        assert len(whole) == len(passed) + len(waiting) - 1 and passed[0] == whole[0]
        assert "outcome=passed&amp;as=csv" in client.get(f"{page}?outcome=passed&page=1").content.decode()
        listed = client.get(f"{reverse('problems:list', args=[CODE])}?language=sv").content.decode()
        assert "language=fi" in listed
