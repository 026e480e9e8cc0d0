"""The JSON schemas of the three versions: which actions exist, and what is wrong with a payload.

The schemas come from the ``ocpp`` package. Validation stands beside the handling of a message, never
in front of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

_FOLDERS = {"ocpp1.6": "v16", "ocpp2.0.1": "v201", "ocpp2.1": "v21"}
PROTOCOLS = tuple(_FOLDERS)
MAX_VIOLATIONS = 5
"""Violations told of one message: a wrong list repeats the same one a hundred times."""


LARGE = 65_536
"""Bytes of a message; finding everything that is wrong with a larger one takes seconds at worst."""


class Violation(NamedTuple):
    """One thing that breaks the schema."""

    path: str
    """Where, as ``meterValue/0/timestamp``; empty for the message as a whole."""
    text: str

    def __str__(self) -> str:
        return f"{self.path} {self.text}" if self.path else self.text


Check = Callable[[Any, bool], tuple[Violation, ...]]


def actions(protocol: str) -> frozenset[str]:
    """Every action that the version knows, in both directions; none while they cannot be read."""
    try:
        return _actions(protocol)
    except OSError:  # too many files are open: charging goes on
        return frozenset()


@cache
def _actions(protocol: str) -> frozenset[str]:
    folder = resources.files("ocpp").joinpath(_FOLDERS[protocol], "schemas")
    names = (entry.name.removesuffix(".json") for entry in folder.iterdir() if entry.name.endswith(".json"))
    return frozenset(name.removesuffix("Request") for name in names if not name.endswith("Response"))


def schema(protocol: str, action: str, answer: bool = False) -> dict[str, Any] | None:
    """The schema of a request or an answer; None if the version has none, or while it cannot be read."""
    try:
        return _schema(protocol, action, answer)
    except OSError:
        return None


@cache
def _schema(protocol: str, action: str, answer: bool) -> dict[str, Any] | None:
    if action not in _actions(protocol):
        return None
    folder = resources.files("ocpp").joinpath(_FOLDERS[protocol], "schemas")
    endings = ["Response"] if answer else ["Request", ""]
    for ending in endings:
        file = folder.joinpath(f"{action}{ending}.json")
        if file.is_file():
            loaded: dict[str, Any] = json.loads(file.read_text(encoding="utf-8-sig"))
            return loaded
    return None


def warm(protocol: str) -> None:
    """Compile every schema of a version. Takes a tenth of a second, so it is done in a thread."""
    for action in sorted(actions(protocol)):
        for answer in (False, True):
            _checker_now(protocol, action, answer)


def violations(
    protocol: str, action: str, payload: Any, *, answer: bool = False, size: int = 0
) -> tuple[Violation, ...]:
    """What is wrong with the payload of a known action, at most :data:`MAX_VIOLATIONS` things.

    ``size`` is the message's in bytes: of a large one only the first thing is looked for.
    """
    check = _checker_now(protocol, action, answer)
    return check(payload, size > LARGE) if check is not None else ()


def _checker_now(protocol: str, action: str, answer: bool) -> Check | None:
    """The check, or none for now."""
    try:
        return _checker(protocol, action, answer)
    except OSError:
        return None


@cache
def _checker(protocol: str, action: str, answer: bool) -> Check | None:
    found = _schema(protocol, action, answer)
    if found is None:
        return None
    try:
        return _with_jsonschema_rs(found)
    except ImportError:  # there is no wheel for this machine
        return _with_fastjsonschema(found)


def _with_jsonschema_rs(found: dict[str, Any]) -> Check:
    import jsonschema_rs

    validator = jsonschema_rs.validator_for(found, validate_formats=True)

    def check(payload: Any, first: bool) -> tuple[Violation, ...]:
        try:
            if validator.is_valid(payload):
                return ()
            if first:
                validator.validate(payload)
            return tuple(_read_errors(validator.iter_errors(payload)))
        except jsonschema_rs.ValidationError as error:
            return tuple(_read_errors(iter((error,))))
        except UnicodeEncodeError:
            return (Violation("", "has half a character, which is no text and cannot be checked"),)
        except ValueError:  # integers beyond 64 bits cannot cross into Rust
            return (Violation("", "has a number of more than 64 bits, which cannot be checked"),)

    return check


_BEYOND = {"minimum": "less than", "maximum": "more than"}


def _read_errors(errors: Iterator[Any]) -> Iterator[Violation]:
    for _, error in zip(range(MAX_VIOLATIONS), errors, strict=False):
        path = "/".join(str(step) for step in error.instance_path)
        kind = error.kind
        rule = kind.name
        value = kind.as_dict()
        match rule:
            case "type":
                wanted = " or ".join(kind.types)
                yield Violation(path, f"should be {wanted}")
            case "enum":
                shown = json.dumps(error.instance)[:60] if hasattr(error, "instance") else "value"
                yield Violation(path, f"{shown} is not in the standard's list")
            case "required":
                yield Violation(path, f"lacks {kind.property}")
            case "additionalProperties":
                yield Violation(path, f"has what the standard does not know: {', '.join(kind.unexpected)[:80]}")
            case "maxLength":
                yield Violation(path, f"is longer than {kind.limit} characters")
            case "format":
                yield Violation(path, f"is no {kind.format}")
            case "minItems":
                yield Violation(path, f"has fewer than {kind.limit} items")
            case "maxItems":
                yield Violation(path, f"has more than {kind.limit} items")
            case "multipleOf":
                yield Violation(path, f"is no multiple of {kind.multiple_of}")
            case "minimum" | "maximum":
                yield Violation(path, f"is {_BEYOND[rule]} {kind.limit}")
            case _:
                yield Violation(path, f"breaks {rule}: {str(value)[:80]}")


def _with_fastjsonschema(found: dict[str, Any]) -> Check:
    import fastjsonschema

    compiled = fastjsonschema.compile(found, use_default=False)

    def check(payload: Any, first: bool) -> tuple[Violation, ...]:
        try:
            compiled(payload)
        except fastjsonschema.JsonSchemaValueException as error:
            path = "/".join(str(step) for step in error.path[1:])
            return (Violation(path, _said(error)),)
        return ()

    return check


def _said(error: Any) -> str:
    wanted = error.rule_definition
    match error.rule:
        case "type":
            return f"should be {' or '.join(wanted) if isinstance(wanted, list) else wanted}"
        case "enum":
            return f"{json.dumps(error.value)[:60]} is not in the standard's list"
        case "required":
            missing = [name for name in wanted if name not in error.value]
            return f"lacks {missing[0] if missing else 'a field'}"
        case "additionalProperties":
            return "has what the standard does not know"
        case "maxLength":
            return f"is longer than {wanted} characters"
        case "format":
            return f"is no {wanted}"
        case "multipleOf":
            return f"is no multiple of {wanted}"
        case "minimum" | "maximum":
            return f"is {_BEYOND[error.rule]} {wanted}"
        case _:
            return f"breaks {error.rule}: {str(wanted)[:80]}"


def ordered(protocol: str, action: str, payload: Any, *, answer: bool = False) -> Any:
    """The payload with its fields in the schema's order, which the simplest parsers of chargers expect."""
    found = schema(protocol, action, answer)
    return payload if found is None else _ordered(found, found, payload)


def _ordered(root: Mapping[str, Any], part: Any, value: Any) -> Any:
    if isinstance(part, dict) and "$ref" in part:
        part = root.get("definitions", {}).get(part["$ref"].rsplit("/", 1)[-1], {})
    if not isinstance(part, dict):
        return value
    if isinstance(value, list):
        return [_ordered(root, part.get("items"), one) for one in value]
    if isinstance(value, dict):
        known = part.get("properties", {})
        names = [name for name in known if name in value] + [name for name in value if name not in known]
        return {name: _ordered(root, known.get(name), value[name]) for name in names}
    return value
