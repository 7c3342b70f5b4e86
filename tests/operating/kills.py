"""Kill a backup, or a restore, at each thing that it does on the disk; prints a list of what was found after each kill.

Run in a process of its own: `python -m tests.operating.kills backup|restore HOME FOLDER`. Each try is a fork that dies by SIGKILL at its n-th
step: an opened, linked, renamed or removed file, a new folder, a new process. The last try is one that nothing kills.
"""

import json
import os
import shutil
import signal
import sys
from itertools import count
from pathlib import Path

import django

django.setup()

from klash.operating import services  # noqa: E402
from klash.operating.errors import Halted  # noqa: E402
from klash.operating.manifests import Manifest  # noqa: E402
from klash.operating.places import Place  # noqa: E402
from klash.operating.services import restoring  # noqa: E402
from klash.operating.vaults import Vault  # noqa: E402

STEPS = ("open", "os.rename", "os.link", "os.mkdir", "os.remove", "os.rmdir", "shutil.rmtree", "sqlite3.connect", "subprocess.Popen")
HOME, FOLDER = Path(sys.argv[2]), Path(sys.argv[3])


def is_killed(work, step):
    """Do the work in a fork that is killed at this step; return whether it came so far."""
    if child := os.fork():
        code = os.waitpid(child, 0)[1]
        if code not in (0, signal.SIGKILL):
            raise SystemExit(f"step {step} ended with {code}")
        return code == signal.SIGKILL
    left = count(step, -1)
    sys.addaudithook(lambda event, given: event in STEPS and is_own(given) and next(left) == 0 and os.kill(os.getpid(), signal.SIGKILL))
    work()
    os._exit(0)


def is_own(given):
    """Leave out the modules and the devices that Python itself opens."""
    return any(str(HOME.parent) in str(word) for word in given)


def back_up():
    services.back_up(vault=Vault(FOLDER), say=lambda line: None)


def found_backup():
    try:
        manifest = Manifest.read(Vault(FOLDER))
        restoring._prove_bytes(Vault(FOLDER), manifest, lambda line: None)
        return "whole"
    except Halted as error:
        return "none" if "is no whole backup" in str(error) else str(error)
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)


def restore():
    restoring._prove_place = lambda *given, **options: None  # proven elsewhere; here it would be a minute for each step
    services.restore(vault=Vault(FOLDER), place=Place.running(), say=lambda line: None)


def found_home():
    """Return what stands in the home after the kill and what the next restore makes of it."""
    names = sorted(path.name for path in HOME.iterdir() if path.suffix not in (".part", ".lock", ".whole") and path.name != "secret.key")
    try:
        restore()
        outcome = "restored"
    except Halted as error:
        outcome = "finished" if "is not empty" in str(error) else str(error)
    whole = sorted(path.name for path in HOME.iterdir() if path.suffix not in (".lock", ".whole") and path.name != "secret.key")
    shutil.rmtree(HOME)
    HOME.mkdir()
    return [names, outcome, whole]


if __name__ == "__main__":
    work, found = {"backup": (back_up, found_backup), "restore": (restore, found_home)}[sys.argv[1]]
    told = []
    for step in count():
        was_killed = is_killed(work, step)
        told.append(found())
        if not was_killed:
            break
    print(json.dumps(told))
