"""The pages of the jury's face and those of the demo, each against a table of its own and in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.access.table import METHODS, read

HERE = Path(__file__).parent
FACES = {
    "jury": ({"KLASH_FACE": "jury", "KLASH_DEMO": "0"}, ("juror", "chair", "other_juror", "outsider"), {"juror": False, "chair": True}, ""),
    "demo": ({"KLASH_FACE": "all", "KLASH_DEMO": "1"}, ("organiser", "juror"), {}, "replay:"),
}


@pytest.mark.parametrize("face", FACES)
def test_face(staged, tmp_path, face):
    variables, people, seats, only = FACES[face]
    table, home, state = HERE / f"{face}.yaml", tmp_path / "home", staged.facts["states"]["judging+"]
    staged.copy("judging+", home)
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps({
        "table": str(table), "only": only, "at": state["at"], "things": state["things"], "seats": seats, "people": {who: staged.facts["people"][who] for who in people},
    }))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KLASH_")}
    environment = {**kept, **variables, "KLASH_HOME": str(home), "DJANGO_SETTINGS_MODULE": "klash.config.settings"}
    command = [sys.executable, "-m", "klash", "shell", "--no-imports", "-c", f"from tests.access.face import main; main({str(facts)!r})"]
    done = subprocess.run(command, env=environment, cwd=HERE.parent.parent, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["missing"] == [[], []]
    pages = read(table).pages
    assert found["answers"] == {f"{name} {method}": page.answers[method, "judging+"] for name, page in pages.items() for method in METHODS}
