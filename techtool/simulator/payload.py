"""Reading what the back office sent, with the errors that OCPP-J has for it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, NamedTuple, TypeVar

from techtool.simulator.outbox import Payload

T = TypeVar("T")


class RefusalError(Exception):
    """The CALL gets a CALLERROR. ``code`` in the spelling of 2.x."""

    def __init__(self, code: str, description: str = "") -> None:
        super().__init__(description)
        self.code = code
        self.description = description


class Answer(NamedTuple):
    """What a CALL gets back, and what happens once it has."""

    payload: Payload | None
    """None: no answer at all."""
    then: Callable[[], None] | None = None
    later: Callable[[Callable[[Answer], None]], None] | None = None
    """Finds out what to answer instead, and gives it to what it is given."""


def need(payload: Payload, key: str, kind: type[T]) -> T:
    """A required value of a JSON type.

    Raises:
        RefusalError: it is missing or of another type.
    """
    if key not in payload:
        raise RefusalError("OccurrenceConstraintViolation", f"{key} is missing")
    value = take(payload, key, kind)
    if value is None:
        raise RefusalError("TypeConstraintViolation", f"{key} is null")
    return value


def take(payload: Payload, key: str, kind: type[T]) -> T | None:
    """An optional value of a JSON type; None where it is left out.

    Raises:
        RefusalError: it is of another type.
    """
    value = payload.get(key)
    if value is None:
        return None
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise RefusalError("TypeConstraintViolation", f"{key} is no {_JSON[kind]}")
    if isinstance(value, int) and abs(value) > _MOST:
        raise RefusalError("PropertyConstraintViolation", f"{key} is too large")
    return value


_MOST = 10**12
"""No number of OCPP is larger; what is would not fit into a float."""
_JSON: dict[type, str] = {str: "string", int: "integer", bool: "boolean", dict: "object", list: "array"}


def number(payload: Payload, key: str) -> float | None:
    """An optional number."""
    value = payload.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RefusalError("TypeConstraintViolation", f"{key} is no number")
    if not abs(value) <= _MOST:
        raise RefusalError("PropertyConstraintViolation", f"{key} is too large")
    return float(value)


def choice(payload: Payload, key: str, values: Collection[str]) -> str:
    """A required text that is one of ``values``.

    Raises:
        RefusalError: it is missing, no text, or another one.
    """
    value = need(payload, key, str)
    if value not in values:
        raise RefusalError("PropertyConstraintViolation", f"{key} is {value!r}, not one of {', '.join(values)}")
    return value


def objects(payload: Payload, key: str) -> list[Payload]:
    """A list of objects; empty where it is left out."""
    found: list[Any] = take(payload, key, list) or []
    if not all(isinstance(one, dict) for one in found):
        raise RefusalError("TypeConstraintViolation", f"{key} holds something that is no object")
    return found
