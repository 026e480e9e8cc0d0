"""Whether a value fits a setting, by the standard and by what the charger tells of it. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import NamedTuple

from techtool.knowledge.facts import Fact, Shape

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{1,18})?|\.[0-9]{1,18})")
_OFFSET = re.compile(r"[+-](?:0[0-9]|1[0-4]):[0-5][0-9]")
_PHASES = frozenset({"L1", "L2", "L3", "N", "L1-N", "L2-N", "L3-N", "L1-L2", "L2-L3", "L3-L1"})
_TRUE_FALSE = ("true", "false")


class Rule(NamedTuple):
    """What a value must be."""

    shape: Shape
    least: Decimal | None = None
    most: Decimal | None = None
    members: tuple[str, ...] = ()
    format: str = ""
    phases: bool = False
    """Items may have a phase behind a point: ``Voltage.L1``."""


def rule_of(fact: Fact, version: str) -> Rule:
    """The rule of the standard, or of the make."""
    members = fact.members_in(version)
    phases = version == "1.6" and fact.members == ("@measurand",)
    return Rule(fact.shape, fact.least, fact.most, members, fact.format, phases)


def wrong(rule: Rule, value: str) -> str | None:
    """What is wrong with a value, as the rest of a sentence; None where nothing is."""
    match rule.shape:
        case Shape.BOOLEAN:
            allowed = rule.members or _TRUE_FALSE
            return None if value in allowed else f"is neither {allowed[0]} nor {allowed[-1]}"
        case Shape.INTEGER | Shape.DECIMAL:
            return _no_number(rule, value)
        case Shape.CHOICE:
            return None if not rule.members or value in rule.members else f"is none of {_listed(rule.members)}"
        case Shape.LIST | Shape.SEQUENCE:
            return _no_list(rule, value)
        case Shape.TIME:
            return _no_time(value)
        case Shape.OFFSET:
            return None if _OFFSET.fullmatch(value) else "is no offset from UTC like +01:00"
        case Shape.JSON:
            return _no_json(value) or _too_long(rule, value)
        case Shape.TEXT | Shape.PASSWORD:
            return _no_text(rule, value)


def same(rule: Rule | None, one: str, other: str) -> bool:
    """Whether two spellings mean the same value: ``True`` and ``true``, ``a, b`` and ``b,a`` in a list."""
    if one == other:
        return True
    match rule.shape if rule is not None else Shape.TEXT:
        case Shape.BOOLEAN:
            return one.strip().casefold() == other.strip().casefold()
        case Shape.INTEGER | Shape.DECIMAL:
            first, second = _decimal(one), _decimal(other)
            return first is not None and first == second
        case Shape.LIST:
            return sorted(items(one)) == sorted(items(other))
        case Shape.SEQUENCE:
            return items(one) == items(other)
        case _:
            return False


def items(value: str) -> list[str]:
    """The items of a list."""
    return [one.strip() for one in value.split(",") if one.strip()]


def _no_number(rule: Rule, value: str) -> str | None:
    whole = rule.shape is Shape.INTEGER
    if not (_WHOLE if whole else _NUMBER).fullmatch(value):
        return "is no whole number" if whole else "is no number"
    number = Decimal(value)
    if rule.least is not None and number < rule.least:
        return f"is less than {rule.least:f}"
    if rule.most is not None and number > rule.most:
        return f"is more than {rule.most:f}"
    return None


def _no_list(rule: Rule, value: str) -> str | None:
    told = items(value)
    if len(told) < len(value.split(",")) and value.strip():
        return "has an empty item"
    strange = [one for one in told if not _is_member(rule, one)]
    if strange:
        many = "items" if len(strange) > 1 else "an item"
        meant = get_close_matches(strange[0], rule.members, 1)
        hint = f" ({meant[0]}?)" if meant else ""
        return f"has {many} that it cannot have: {_listed(strange)}{hint}"
    return None


def _is_member(rule: Rule, item: str) -> bool:
    if rule.format and re.fullmatch(rule.format, item) is None:
        return False
    if not rule.members or item in rule.members:
        return True
    name, _, phase = item.rpartition(".")
    return rule.phases and name in rule.members and phase in _PHASES


def _no_time(value: str) -> str | None:
    try:
        when = datetime.fromisoformat(value)
    except ValueError:
        return "is no date and time like 2026-11-23T10:00:00Z"
    return None if when.tzinfo is not None else "has no zone: put a Z behind it for UTC"


def _no_json(value: str) -> str | None:
    try:
        json.loads(value)
    except (ValueError, RecursionError):
        return "is no JSON"
    return None


def _no_text(rule: Rule, value: str) -> str | None:
    if not value.isprintable():
        return "has characters that cannot be seen"
    if rule.format and re.fullmatch(rule.format, value) is None:
        return "is not what it must look like"
    return _too_long(rule, value)


def _too_long(rule: Rule, value: str) -> str | None:
    if rule.most is not None and len(value) > rule.most:
        return f"has {len(value)} characters, {rule.most:f} are allowed"
    if rule.least is not None and len(value) < rule.least:
        return f"has {len(value)} characters, {rule.least:f} are needed"
    return None


def _decimal(value: str) -> Decimal | None:
    try:
        number = Decimal(value.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(one[:40] for one in names[:8])
    return f"{shown} and {len(names) - 8} more" if len(names) > 8 else shown
