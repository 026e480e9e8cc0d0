"""The settings of an OpenEVSE: which question tells each, and which command writes it. Pure.

Source: OpenEVSE/open_evse rapi_proc.h and rapi_proc.cpp; tried with firmware 8.2.3.EU.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from techtool.serviceport.rapi.frames import Frame
from techtool.serviceport.rapi.readback import OFF_BITS
from techtool.station import settings
from techtool.station.outcomes import CallRefusedError

_LEVEL_2, _AUTO_OFF, _MONO = 0x0001, 0x0020, 0x0100
CURRENT = "current_a"
"""The setting that the hardware limits."""
_TIMES = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*-\s*([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_OFF = "off"
_QUARTER_MIN = 15

Words = tuple[str, ...]


class Entry(NamedTuple):
    """One setting."""

    name: str
    label: str
    type: str
    """As in :class:`techtool.station.settings.Setting`."""
    unit: str | None
    takes: str
    question: str
    tell: Callable[[Sequence[str]], str | None]
    """Its value from the words of the answer. Raises ValueError or LookupError for words without sense."""
    command: str
    words: Callable[[str], Words]
    """Those of the command. Raises ValueError for what the charger would misunderstand."""

    @property
    def choices(self) -> tuple[settings.Choice, ...]:
        """All that it takes, where these are a few."""
        if not isinstance(self.words, _Of):
            return ()
        return tuple(settings.Choice(one, one) for one in self.words.known)


def entry(name: str) -> Entry:
    """The setting of this name. Raises :class:`techtool.station.settings.UnknownSettingError`."""
    for one in ENTRIES:
        if one.name == name:
            return one
    there = ", ".join(one.name for one in ENTRIES)
    raise settings.UnknownSettingError(f"{name[:40]} is no setting of an OpenEVSE; there are: {there}.")


def frame(one: Entry, value: str) -> Frame:
    """The command that sets it. Raises CallRefusedError."""
    text = value.strip()
    try:
        return Frame(one.command, one.words(text.removesuffix(one.unit or "").rstrip()))
    except ValueError:
        raise CallRefusedError(f"{text[:40]!r} is not allowed for {one.name}: {one.takes}.") from None


def told(one: Entry, words: Sequence[str]) -> str | None:
    """What the charger's answer says that it is; None where that cannot be read."""
    try:
        return one.tell(words)
    except (ValueError, LookupError):
        return None


def listed(one: Entry, value: str | None) -> settings.Setting:
    """The setting as every wire shows one."""
    return settings.Setting(one.name, value, False, one.type, one.unit, True, one.label, one.takes, one.choices)


# --- what words mean -----------------------------------------------------------------------------------------


def _number(least: int, most: int, *before: str, after: Words = ()) -> Callable[[str], Words]:
    def make(text: str) -> Words:
        if not _WHOLE.fullmatch(text) or not least <= int(text) <= most:
            raise ValueError(text)
        return (*before, str(int(text)), *after)

    return make


def _numbers(count: int, most: int) -> Callable[[str], Words]:
    def make(text: str) -> Words:
        words = text.split()
        if len(words) != count or not all(_WHOLE.fullmatch(one) and int(one) <= most for one in words):
            raise ValueError(text)
        return tuple(str(int(one)) for one in words)

    return make


@dataclass(frozen=True)
class _Of:
    """One of a few words."""

    known: dict[str, str]
    """With what the charger calls them."""
    before: Words = ()

    def __call__(self, text: str) -> Words:
        found = self.known.get(text.lower())
        if found is None:
            raise ValueError(text)
        return (*self.before, found)


def _at(place: int) -> Callable[[Sequence[str]], str]:
    return lambda words: str(int(words[place]))


def _all(count: int) -> Callable[[Sequence[str]], str]:
    return lambda words: " ".join(str(int(words[place])) for place in range(count))


def _flag(bit: int, clear: str, set_: str) -> Callable[[Sequence[str]], str]:
    return lambda words: set_ if int(words[1], 16) & bit else clear


def _level_told(words: Sequence[str]) -> str:
    flags = int(words[1], 16)
    if not flags & _AUTO_OFF:
        return "auto"
    return "2" if flags & _LEVEL_2 else "1"


def _quarters(text: str) -> Words:
    (minutes,) = _number(0, 255 * _QUARTER_MIN)(text)
    if int(minutes) % _QUARTER_MIN:
        raise ValueError(text)
    return (str(int(minutes) // _QUARTER_MIN),)


def _timer(text: str) -> Words:
    if text.lower() == _OFF:
        return ("0", "0", "0", "0")
    match = _TIMES.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return tuple(str(int(part)) for part in match.groups())


def _timer_told(words: Sequence[str]) -> str:
    one, two, three, four = (int(word) for word in words[:4])
    return f"{one:02d}:{two:02d}-{three:02d}:{four:02d}" if any((one, two, three, four)) else _OFF


def _clock(text: str) -> Words:
    when = datetime.fromisoformat(text)
    if not 2000 <= when.year <= 2099:
        raise ValueError(text)
    parts = (when.year - 2000, when.month, when.day, when.hour, when.minute, when.second)
    return tuple(str(part) for part in parts)


def _clock_told(words: Sequence[str]) -> str:
    year, month, day, hour, minute, second = map(int, words)
    return f"{datetime(2000 + year, month, day, hour, minute, second):%Y-%m-%d %H:%M:%S}"


_SWITCH = {"on": "1", "off": "0"}


def _check(name: str, label: str, letter: str) -> Entry:
    tell = _flag(OFF_BITS[letter], "on", "off")
    return Entry(name, label, "switch", None, "on or off", "GE", tell, "FF", _Of(_SWITCH, (letter,)))


ENTRIES: tuple[Entry, ...] = (
    Entry(CURRENT, "current offered to the car, kept", "number", "A", "6 to 80 A, as far as the hardware goes",
          "GE", _at(0), "SC", _number(6, 80)),
    Entry("most_current_a", "most current that can ever be set: it can be set once", "number", "A", "6 to 80 A",
          "GC", _at(1), "SC", _number(6, 80, after=("M",))),
    Entry("service_level", "mains: 1 is 120 V, 2 is 240 V, auto finds out at the start", "choice", None,
          "1, 2 or auto", "GE", _level_told, "SL", _Of({"1": "1", "2": "2", "auto": "A"})),
    _check("diode_check", "looks for the diode of the car", "D"),
    _check("gfci_self_test", "tests the ground-fault interrupter before each session", "F"),
    _check("ground_check", "looks for the protective earth", "G"),
    _check("stuck_relay_check", "looks for contacts that are welded", "R"),
    _check("temperature_check", "lowers the current when it gets hot", "T"),
    _check("ventilation_check", "refuses cars that need ventilation", "V"),
    _check("button", "the button on the case works", "B"),
    Entry("time_limit_min", "this session ends after so long; 0 for never", "number", "min",
          "0 to 3825 min in steps of 15, with a car that charges",
          "G3", lambda words: str(int(words[0]) * _QUARTER_MIN), "S3", _quarters),
    Entry("energy_limit_kwh", "this session ends after so much; 0 for never", "number", "kWh",
          "0 to 255 kWh, with a car that charges", "GH", _at(0), "SH", _number(0, 255)),
    Entry("timer", "charges only in these hours", "text", None, "HH:MM-HH:MM, or off",
          "GD", _timer_told, "ST", _timer),
    Entry("auth_lock", "a card or an app must let it charge", "switch", None, "on or off",
          "G4", lambda words: "on" if int(words[0]) else "off", "S4", _Of(_SWITCH)),
    Entry("cable_lock", "locks a type 2 cable: by itself, or by command", "choice", None, "auto or manual",
          "G5", lambda words: {"A": "auto", "M": "manual"}[words[1]], "S5",
          _Of({"auto": "A", "manual": "M"})),
    Entry("heartbeat", "after so many seconds without $SY it offers only so many amperes; 0 0 for never", "text",
          None, "SECONDS AMPERES", "GY", _all(2), "SY", _numbers(2, 65535)),
    Entry("clock", "the charger's clock, which knows no time zone", "text", None, "YYYY-MM-DD HH:MM:SS",
          "GT", _clock_told, "S1", _clock),
    Entry("mains_mv", "mains voltage that it reckons with where it cannot measure it", "number", "mV",
          "80000 to 300000 mV", "GG", _at(1), "SV", _number(80_000, 300_000)),
    Entry("energy_total_wh", "the counter of all energy", "number", "Wh", "0 to 999999999 Wh",
          "GU", _at(1), "SK", _number(0, 999_999_999)),
    Entry("ammeter", "scale and offset of the ammeter", "text", None, "SCALE OFFSET, each 0 to 32767",
          "GA", _all(2), "SA", _numbers(2, 32767)),
    Entry("voltmeter", "scale and offset of the voltmeter", "text", None, "SCALE OFFSET, each 0 to 32767",
          "GM", _all(2), "SM", _numbers(2, 32767)),
    Entry("display", "one colour or more", "choice", None, "mono or rgb",
          "GE", _flag(_MONO, "rgb", "mono"), "S0", _Of({"mono": "0", "rgb": "1"})),
)  # fmt: skip
