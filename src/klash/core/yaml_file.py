"""YAML that people write: read into a Pydantic model, or refused with the line and the reason of each fault."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar

import yaml
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ValidationError

M = TypeVar("M", bound=BaseModel)
Steps = tuple[str | int, ...]

# What Pydantic finds, in words for who writes the file; the names in braces are its own.
SAYS = {
    "missing": _("is missing"), "int_type": _("write a whole number"), "int_parsing": _("write a whole number"), "int_from_float": _("write a whole number"),
    "bool_type": _("write true or false"), "bool_parsing": _("write true or false"),
    "string_type": _("write a text; put it between quotation marks if it looks like a number or a day"), "string_too_short": _("is empty"),
    "string_too_long": _("is too long; at most {max_length} characters"),
    "string_pattern_mismatch": _("write at most 40 small letters a-z, digits, - and _"),
    "greater_than_equal": _("must be at least {ge}"), "less_than_equal": _("must be at most {le}"), "too_short": _("the list is empty"),
    "too_long": _("the list is too long; at most {max_length} rows"),
    "list_type": _("write a list here, each row after a dash"), "dict_type": _("write keys and values here, such as name: value"),
    "model_type": _("write keys and values here, such as name: value"), "date_type": _("write a day: 2019-04-11"), "date_parsing": _("write a day: 2019-04-11"),
    "date_from_datetime_parsing": _("write a day: 2019-04-11"), "date_from_datetime_inexact": _("write a day: 2019-04-11"),
    "extra_forbidden": _("is not known here"), "literal_error": _("write {expected}"), "enum": _("write {expected}"),
}


class Fault(NamedTuple):
    line: int
    reason: str


class Faulty(Exception):
    """What is wrong with a text, by line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__(self.faults)


class Loader(yaml.SafeLoader):
    """YAML's own loader, which names the line of a day that no calendar has, and takes no aliases: a few lines of them swell to any size."""

    def construct_day(self, node: yaml.ScalarNode) -> Any:
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError as error:
            raise yaml.constructor.ConstructorError(problem=f"{node.value} is no day: {error}", problem_mark=node.start_mark) from error

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            mark = self.get_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(problem=str(_("an alias (*) is not taken; write the value once more")), problem_mark=mark)
        return super().compose_node(parent, index)


Loader.add_constructor("tag:yaml.org,2002:timestamp", Loader.construct_day)


def read(text: str, model: type[M], checks: Callable[[M], Iterable[tuple[Steps, str]]] = lambda facts: ()) -> M:
    """Return what a text tells. checks: what the model cannot see: where, as steps of keys and places, and why. Raises Faulty."""
    node = None
    try:
        node = yaml.compose(text, Loader=Loader)
        facts = model.model_validate(Loader(text).get_single_data())
    except RecursionError as error:
        raise Faulty([Fault(1, str(_("the file is nested too deeply")))]) from error
    except (yaml.YAMLError, ValueError) as error:
        raise Faulty(_reasons(error, node)) from error
    if found := [*_twice(node), *(Fault(_line(node, steps), reason) for steps, reason in checks(facts))]:
        raise Faulty(found)
    return facts


def _reasons(error: Exception, node: Any) -> list[Fault]:
    if isinstance(error, ValidationError):
        return [Fault(_line(node, row["loc"]), _sentence(row)) for row in error.errors()]
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return [Fault(mark.line + 1 if mark else 1, getattr(error, "problem", None) or str(error) or str(_("is not YAML")))]


def _sentence(row: Any) -> str:
    """Return where a fault of the form stands and what to write there instead."""
    if not row["loc"]:
        return str(_("the file is empty") if row["input"] is None else _("the file must hold keys and values, such as name: value"))
    said = str(SAYS.get(row["type"], row["msg"].removeprefix("Value error, "))).format(**row.get("ctx", {}))
    return f"{'.'.join(str(step) for step in row['loc'])}: {said}"


def _twice(node: Any) -> list[Fault]:
    """Return the keys that stand twice in one mapping: YAML itself would silently take the last."""
    if isinstance(node, yaml.SequenceNode):
        return [fault for child in node.value for fault in _twice(child)]
    if not isinstance(node, yaml.MappingNode):
        return []
    seen: set[str] = set()
    found = []
    for key, value in node.value:
        if key.value in seen:
            found.append(Fault(key.start_mark.line + 1, _("%(key)s stands twice in one place") % {"key": key.value}))
        seen.add(key.value)
        found += _twice(value)
    return found


def _line(node: Any, steps: Steps) -> int:
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
