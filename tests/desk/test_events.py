"""Every event that a competition's log can hold is told in words."""

import ast
import re
from pathlib import Path

import klash
from klash.core.models import AuditEvent
from klash.desk.events import WORDS
from klash.rules.states import MOVES

ON_THE_OTHER_SIDE = {"round", "seat", "review", "second_review", "remark", "report", "entry", "exclusion", "question", "question_batch"}  # events of the reviewing database are not listed


def named_in_code():
    """Return every string of the form `thing.done` that a call of record, _record or _log begins with."""
    found = set()
    for path in Path(klash.__file__).parent.glob("**/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in ("record", "_record", "_log") and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and re.fullmatch(r"[a-z_]+\.[a-z_]+", str(first.value)):
                    found.add(first.value)
    return found


def test_what_the_code_records_has_words():
    moves = {f"{thing}.{to}" for thing, rows in MOVES.items() for _source, to in rows}
    named = {what for what in named_in_code() | moves if what.partition(".")[0] not in ON_THE_OTHER_SIDE}
    assert len(named) > 40
    assert named - set(WORDS) == set()


def test_what_a_whole_competition_recorded_has_words(staged):
    with staged.at("end"):
        assert set(AuditEvent.objects.values_list("what", flat=True)) - set(WORDS) == set()
