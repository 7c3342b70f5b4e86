"""Read a competition file, or refuse it with line and reason before anything is written."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from klash.replay.checks import faults
from klash.replay.facts import BrokenFile, File

# What Pydantic finds, in words for who writes the file; the names in braces are its own.
SAYS = {
    "missing": "is missing", "int_type": "write a whole number", "int_parsing": "write a whole number", "int_from_float": "write a whole number",
    "string_type": "write a text; put it between quotation marks if it looks like a number or a day", "string_too_short": "is empty",
    "string_too_long": "is too long; at most {max_length} characters", "string_pattern_mismatch": "write at most 40 small letters a-z, digits, - and _",
    "greater_than_equal": "must be at least {ge}", "less_than_equal": "must be at most {le}", "too_short": "the list is empty",
    "list_type": "write a list here, each row after a dash", "dict_type": "write keys and values here, such as name: value",
    "model_type": "write keys and values here, such as name: value", "date_type": "write a day: 2019-04-11", "date_parsing": "write a day: 2019-04-11",
    "date_from_datetime_parsing": "write a day: 2019-04-11", "date_from_datetime_inexact": "write a day: 2019-04-11",
}


class Loader(yaml.SafeLoader):
    """YAML's own loader, which names the line of a day that no calendar has."""

    def construct_day(self, node: yaml.ScalarNode) -> Any:
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError as error:
            raise yaml.constructor.ConstructorError(problem=f"{node.value} is no day: {error}", problem_mark=node.start_mark) from error


Loader.add_constructor("tag:yaml.org,2002:timestamp", Loader.construct_day)


def read(path: Path) -> File:
    """Return the file's facts. Raises BrokenFile with a line for each fault: where it stands and why."""
    node = None
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text)
        facts = File.model_validate(Loader(text).get_single_data())
    except OSError as error:
        raise BrokenFile(f"{path} cannot be read: {error.strerror}. Check the path.") from error
    except UnicodeDecodeError as error:
        raise BrokenFile(f"{path} is not UTF-8 text: {error.reason} at byte {error.start}. Save it as UTF-8.") from error
    except (yaml.YAMLError, ValueError) as error:
        raise _told(path, _reasons(error, node)) from error
    if found := [*_twice(node), *((_line(node, steps), reason) for steps, reason in faults(facts))]:
        raise _told(path, found)
    return facts


def _told(path: Path, found: list[tuple[int, str]]) -> BrokenFile:
    lines = [f"{path}, line {line}: {reason}" for line, reason in sorted(set(found))]
    return BrokenFile("\n".join([*lines, "Nothing was written. Mend the file and run again."]))


def _reasons(error: Exception, node: Any) -> list[tuple[int, str]]:
    if isinstance(error, ValidationError):
        return [(_line(node, row["loc"]), _sentence(row)) for row in error.errors()]
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return [(mark.line + 1 if mark else 1, getattr(error, "problem", None) or str(error) or "is not YAML")]


def _sentence(row: Any) -> str:
    """Return where a fault of the form stands and what to write there instead."""
    if not row["loc"]:
        return "the file is empty" if row["input"] is None else "the file must hold keys and values; the first is competition:"
    said = SAYS.get(row["type"], row["msg"].removeprefix("Value error, ")).format(**row.get("ctx", {}))
    return f"{'.'.join(str(step) for step in row['loc'])}: {said}"


def _twice(node: Any) -> list[tuple[int, str]]:
    """Return the keys that stand twice in one mapping: YAML itself would silently take the last."""
    if isinstance(node, yaml.SequenceNode):
        return [fault for child in node.value for fault in _twice(child)]
    if not isinstance(node, yaml.MappingNode):
        return []
    seen: set[str] = set()
    found = []
    for key, value in node.value:
        if key.value in seen:
            found.append((key.start_mark.line + 1, f"{key.value} stands twice in one place"))
        seen.add(key.value)
        found += _twice(value)
    return found


def _line(node: Any, steps: tuple[Any, ...]) -> int:
    """Return the line of the deepest node that the steps reach, counted from 1."""
    for step in steps:
        found = None
        if isinstance(node, yaml.MappingNode):
            found = next((value for key, value in node.value if key.value == step), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            found = node.value[step]
        if found is None:
            break
        node = found
    return int(node.start_mark.line) + 1 if node is not None else 1
