"""What the simulated controller knows, by group: its system, statistics, settings, and a shell. Pure.

Source: docs.zephyrproject.org, the pages of the SMP groups 0, 2, 3 and 9.
"""

from __future__ import annotations

from typing import Any

from techtool.simulator.console.shell import COMMANDS
from techtool.simulator.smp.faults import INVALID, NO_ENTRY, NOT_SUPPORTED, Fault

SYSTEM, STATISTICS, SETTINGS, SHELL = 0, 2, 3, 9
_INFO = {
    "s": "Zephyr",
    "n": "charger",
    "r": "4.2.0",
    "v": "v4.2.0-31-g1f4b5c0",
    "b": "Tue May 05 2026 08:12:00 GMT",
    "m": "arm",
    "p": "cortex-m4",
    "i": "charger_controller/nrf52840",
    "o": "Zephyr",
}
"""In the order in which they are told."""
_NO_ANSWER, _BAD_FORMAT = 3, 2
_KEY_NOT_FOUND, _ROOT_NOT_FOUND, _READ_ONLY = 3, 5, 6
_ROOT = "charger"
_FIXED = frozenset({"charger/serial"})


def info(request: dict[str, Any]) -> dict[str, Any]:
    """What runs, as far as it is asked for."""
    letters = request.get("format", "s")
    if not isinstance(letters, str) or not set(letters) <= {*_INFO, "a"}:
        raise Fault(_BAD_FORMAT, SYSTEM, INVALID)
    return {"output": " ".join(text for letter, text in _INFO.items() if letter in letters or "a" in letters)}


def bootloader(request: dict[str, Any]) -> dict[str, Any]:
    """What starts it."""
    match request.get("query"):
        case None:
            return {"bootloader": "MCUboot"}
        case "mode":
            return {"mode": 3}
    raise Fault(_NO_ANSWER, SYSTEM, NO_ENTRY)


class Statistics:
    """Counters, in groups."""

    def __init__(self) -> None:
        self.groups: dict[str, dict[str, int]] = {
            "charger": {"sessions": 42, "energy_kwh": 1234, "relay_cycles": 97},
            "smp": {"requests": 0},
        }

    def listed(self, request: dict[str, Any]) -> dict[str, Any]:
        """Their names."""
        return {"stat_list": list(self.groups)}

    def read(self, request: dict[str, Any]) -> dict[str, Any]:
        """One group."""
        name = request.get("name")
        if name not in self.groups:
            raise Fault(2, STATISTICS, NO_ENTRY)
        return {"name": name, "fields": dict(self.groups[name])}


class Settings:
    """Values by name; what is not saved is lost at the next start."""

    def __init__(self) -> None:
        self.saved: dict[str, bytes] = {
            "charger/max_current": (16).to_bytes(4, "little"),
            "charger/name": b"Garage",
            "charger/serial": b"CC-0042",
        }
        self.values = dict(self.saved)
        self.stubborn = False
        """It says that it has taken a value, and keeps the old one."""

    def read(self, request: dict[str, Any]) -> dict[str, Any]:
        """One value."""
        return {"val": self.values[self._key(request)]}

    def write(self, request: dict[str, Any]) -> dict[str, Any]:
        """Take one, of any length."""
        name, value = request.get("name"), request.get("val")
        if not isinstance(name, str) or not isinstance(value, bytes):
            raise Fault(INVALID)
        self._root(name)
        if name in _FIXED:
            raise Fault(_READ_ONLY, SETTINGS, INVALID)
        if not self.stubborn:
            self.values[name] = value
        return {}

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """Remove one."""
        key = self._key(request)
        if not self.stubborn:
            del self.values[key]
        return {}

    def save(self, request: dict[str, Any]) -> dict[str, Any]:
        """Keep all for the next start."""
        self.saved = dict(self.values)
        return {}

    def load(self, request: dict[str, Any]) -> dict[str, Any]:
        """As they were saved."""
        self.values = dict(self.saved)
        return {}

    def _key(self, request: dict[str, Any]) -> str:
        name = request.get("name")
        if not isinstance(name, str):
            raise Fault(INVALID)
        self._root(name)
        if name not in self.values:
            raise Fault(_KEY_NOT_FOUND, SETTINGS, NO_ENTRY)
        return name

    def _root(self, name: str) -> None:
        if name.partition("/")[0] != _ROOT:
            raise Fault(_ROOT_NOT_FOUND, SETTINGS, NO_ENTRY)


def shell(request: dict[str, Any]) -> dict[str, Any]:
    """A command, and what it says."""
    words = request.get("argv")
    if not isinstance(words, list) or not words or not all(isinstance(one, str) for one in words):
        raise Fault(INVALID)
    said = COMMANDS.get(" ".join(words))
    if said is None:
        return {"o": f"{words[0]}: command not found\r\n", "ret": -NOT_SUPPORTED}
    return {"o": said, "ret": 0}
