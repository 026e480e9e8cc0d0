"""What is known of a setting, in words. Pure."""

from __future__ import annotations

from decimal import Decimal

from techtool.knowledge.facts import Access, Fact, Shape

_SHAPES = {
    Shape.TEXT: "text",
    Shape.PASSWORD: "password",
    Shape.BOOLEAN: "true or false",
    Shape.INTEGER: "whole number",
    Shape.DECIMAL: "number",
    Shape.CHOICE: "one of",
    Shape.LIST: "list, comma between items",
    Shape.SEQUENCE: "list, comma between items, the first counts most",
    Shape.TIME: "date and time, like 2026-11-23T10:00:00Z",
    Shape.OFFSET: "offset from UTC, like +01:00",
    Shape.JSON: "JSON",
}
_ACCESS = {
    Access.READ: "read only",
    Access.WRITE: "can be set, never read",
    Access.BOTH: "can be set",
    Access.EITHER: "can be set on some chargers",
    Access.UNTOLD: "whether it can be set the charger tells",
}
_REBOOT = {
    "sometimes": "some chargers want a reboot",
    "often": "most chargers want a reboot",
    "reconnects": "the charger drops the link and comes back",
}


def takes(fact: Fact, version: str) -> str:
    """What it may be: ``whole number, 0 or more, in s``."""
    members = fact.members_in(version)
    if fact.shape is Shape.BOOLEAN and members:
        return " or ".join(members)
    parts = [_SHAPES[fact.shape]]
    if fact.shape is Shape.CHOICE and members:
        parts = [f"one of {', '.join(members)}"]
    elif (limits := _limits(fact)) is not None:
        parts.append(limits)
    if fact.usual is not None:
        parts.append(f"{_shown(fact.usual[0])} to {_shown(fact.usual[1])} make sense")
    if fact.unit:
        parts.append(f"in {fact.unit.replace(', ', ' or ')}")
    return ", ".join(parts)


def may(fact: Fact) -> str:
    """What may be done with it: ``can be set; some chargers want a reboot``."""
    return "; ".join(filter(None, (_ACCESS[fact.access], _REBOOT.get(fact.reboot))))


def standing(fact: Fact) -> str:
    """Whose it is: ``OCPP 1.6, Core, required``, or the make."""
    if fact.make is not None:
        return f"{fact.make}, not in the standard"
    versions = " and ".join(filter(None, (", ".join(fact.versions[:-1]), fact.versions[-1])))
    return ", ".join(filter(None, (f"OCPP {versions}", fact.profile, fact.required)))


def _limits(fact: Fact) -> str | None:
    what = "" if fact.shape in (Shape.INTEGER, Shape.DECIMAL) else " characters"
    match fact.least, fact.most:
        case (None, None):
            return None
        case (least, None) if least is not None:
            return f"{_shown(least)} or more{what}"
        case (None, most) if most is not None:
            return f"{_shown(most)} at most" if not what else f"{_shown(most)}{what} at most"
        case (least, most):
            assert least is not None and most is not None
            return f"{_shown(least)} to {_shown(most)}{what}"


def _shown(number: Decimal) -> str:
    return format(number, "f")
