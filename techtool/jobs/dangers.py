"""Settings that no charger may be sent: it may say Accepted, and be out of order from then on. Pure.

Source: seen on the wire. ``ChangeConfiguration HeartbeatInterval=abc`` is answered Accepted by tfocpp and
open-ocpp and then means 0, which is more than 200 Heartbeats a second until the interval is set again; ocpp-go and
the virtual charge point accept it, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from techtool.csms import lenient

_DIGITS = re.compile(r"[0-9]+")


def danger(action: str, payload: Any) -> str | None:
    """What would happen if this went out, as the end of a sentence; None if nothing is known against it."""
    for name, value in _settings(action, lenient.obj(payload)):
        rule = _RULES.get(name.lower())
        if rule is not None and (wrong := rule(value)) is not None:
            return f'{name} "{value[:40]}" {wrong}'
    return None


def _settings(action: str, payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The settings that a message would write, with their values as text."""
    if action == "ChangeConfiguration":
        yield lenient.text(payload.get("key")) or "", lenient.text(payload.get("value")) or ""
    elif action == "SetVariables":
        for one in lenient.items(payload.get("setVariableData")):
            name = lenient.text(lenient.obj(one.get("variable")).get("name"))
            yield name or "", lenient.text(one.get("attributeValue")) or ""


def _heartbeat_interval(value: str) -> str | None:
    if _DIGITS.fullmatch(value) and value.strip("0"):
        return None
    return "is no whole number from 1 on; some chargers take such a value as 0 and flood with Heartbeats"


def _ping_interval(value: str) -> str | None:
    if _DIGITS.fullmatch(value):
        return None
    return "is no whole number from 0 on; some chargers accept it without a look"


_RULES: Mapping[str, Callable[[str], str | None]] = {
    "heartbeatinterval": _heartbeat_interval,
    "websocketpinginterval": _ping_interval,
}
"""What is wrong with a value, by the setting's name in lower case."""
