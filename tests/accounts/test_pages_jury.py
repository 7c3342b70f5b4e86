"""The jury's face: the same account pages with nothing but the ground and reviewing installed."""

import os
import subprocess
import sys

SCRIPT = """
import re
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
from django.test import Client
from klash.accounts import services
from klash.accounts.models import ReviewerHandle, User
from klash.core import audit
from klash.post.models import Message
from klash.rules.roles import Role
client = Client()
for prefix in ("", "/sv", "/en"):
    for path in ("sign-up", "sign-in", "reset"):
        assert client.get(f"{prefix}/accounts/{path}/").status_code == 200, path
assert client.get("/tasks/").status_code == 404
assert [client.get(path)["Location"] for path in ("/", "/sv/")] == ["/review/", "/sv/review/"]
invitation, token = services.invite(actor=audit.System(), email="tuomari@example.org", role=Role.JUROR, competition="klash", handle="abc")
url = f"/accounts/invitations/{token}/"
assert client.get(url).status_code == 200
answer = client.post(url, {"name": "Tuomari", "password": "kolme pitkää sanaa"})
assert answer.status_code == 302 and answer["Location"] == "/review/", answer["Location"]
assert ReviewerHandle.objects.get().person == User.objects.get()
assert client.get(url).status_code == 404
client.post("/accounts/sign-out/")
client.post("/accounts/reset/", {"email": "tuomari@example.org"})
link = re.search(r"https?://[^/]+(/accounts/reset/\\S+)", Message.objects.get().body).group(1)
assert client.post(link, {"password": "aivan toinen lause"}).status_code == 302
answer = client.post("/accounts/sign-in/", {"email": "tuomari@example.org", "password": "aivan toinen lause"})
assert answer["Location"] == "/review/"
assert client.get("/accounts/profile/").status_code == 200
print("done")
"""


def test_account_pages_work_in_the_jury_s_face(tmp_path):
    inherited = {name: value for name, value in os.environ.items() if not name.endswith("_DATABASE")}  # SQLite, whatever this run is on
    environment = {
        **inherited, "KLASH_FACE": "jury", "KLASH_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "klash.config.settings", "KLASH_DEMO": "0"
    }
    result = subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert result.stdout.strip().endswith("done"), result.stderr[-3000:]
