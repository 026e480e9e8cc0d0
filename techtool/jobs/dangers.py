"""What no charger may be sent without a second thought: it is out of order from then on, or out of reach. Pure.

Source: seen on the wire, and told in public threads (times: VCP, steve #1477; retries: MicroOcpp #436;
connector 0: ConnectorIO #332). ``ChangeConfiguration HeartbeatInterval=abc`` is answered Accepted by tfocpp and
open-ocpp and then means 0, which is more than 200 Heartbeats a second until the interval is set again; ocpp-go and
the virtual charge point accept it, too. What cannot be taken back: OCPP security whitepaper ed. 3 (SecurityProfile
can only be raised, A05), and 2.0.1 part 2 (B09, M05).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from techtool.csms import lenient

_DIGITS = re.compile(r"[0-9]+")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}.*")
_STARTS = frozenset({"RemoteStartTransaction", "RequestStartTransaction"})
_PLAIN_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,3})?Z")


def danger(action: str, payload: Any) -> str | None:
    """What would happen if this went out, as the end of a sentence; None if nothing is known against it."""
    if action in _FINAL:
        return _FINAL[action]
    if (wrong := next(_misread(action, lenient.obj(payload)), None)) is not None:
        return wrong
    for name, value in _settings(action, lenient.obj(payload)):
        if _ADDRESS.search(name):
            return f"{name} is where the charger calls: with a wrong value it is out of reach"
        rule = _RULES.get(name.lower())
        if rule is not None and (wrong := rule(value)) is not None:
            return f'{name} "{value[:40]}" {wrong}'
    return None


def _misread(action: str, payload: Mapping[str, Any]) -> Iterator[str]:
    """What the schema allows, and chargers of this world take for something else."""
    for name, value in payload.items():
        if isinstance(value, str) and _TIME.fullmatch(value) and not _PLAIN_TIME.fullmatch(value):
            yield f"{name} {value[:40]} is not written as 2026-11-23T10:00:00Z; other forms are refused or misread"
        elif name == "retries" and value == 0:
            yield "retries 0 means to some chargers that they must not even try once; leave it out"
        elif name in ("connectorId", "evseId") and value == 0 and action in _STARTS:
            yield f"{name} 0 is no place to charge at, and is refused by many; give 1 or more, or leave it out"
        else:
            for inner in lenient.items(value):
                yield from _misread(action, inner)


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


def _security_profile(value: str) -> str | None:
    if value == "0":
        return None
    return "can only be raised, and above 1 the charger calls with TLS alone: it may never come back here"


_ADDRESS = re.compile(r"(?i)(csms|central|backend|back.?office|server|ocpp).*(url|uri|address|endpoint|host)")
_FINAL: Mapping[str, str] = {
    "SetNetworkProfile": "this says where the charger calls: with a wrong value it is out of reach",
    "InstallCertificate": "a certificate that is wrong keeps the charger from its back office",
    "DeleteCertificate": "a certificate that is gone cannot be had back from here",
}
"""Messages whose whole effect cannot be taken back, with what they do."""
_RULES: Mapping[str, Callable[[str], str | None]] = {
    "heartbeatinterval": _heartbeat_interval,
    "websocketpinginterval": _ping_interval,
    "securityprofile": _security_profile,
}
"""What is wrong with a value, by the setting's name in lower case."""
