"""RAPI frames, turned into changes of the station. Pure, and the same live and in a replay.

The charger is shown as EVSE 1 with connector 1: RAPI knows no other.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from techtool.serviceport.rapi.frames import Frame, may_answer
from techtool.serviceport.rapi.states import CHECKS_OFF, NO_CLOCK, POST, TRIPS, code_of, state_of
from techtool.station.changes import Booted, Change, ClockRead, Described, Found, Metered, StatusSaid
from techtool.station.findings import Code, Severity
from techtool.station.model import Make, Reading, ReadingKey

REMEMBERED = 20
"""Commands whose answers may still come."""
NO_SENSOR = -2560
"""What ``$GP`` tells in the place of a temperature, in tenths of a degree."""
ZONES_S, WESTMOST_S, EASTMOST_S = 900, -12 * 3600, 14 * 3600
"""Of time zones: how far one lies from the next, and the last ones."""


class _Told(NamedTuple):
    """What a frame said, and when."""

    words: tuple[str, ...]
    at: datetime


class Reader:
    """Reads the frames of one line in their order."""

    def __init__(self) -> None:
        self._asked: OrderedDict[str | None, Frame] = OrderedDict()
        """By sequence id, the last one at the end."""
        self._numbers_answers: bool | None = None
        """The charger repeats sequence ids; None until that can be told."""
        self._bare: tuple[Frame, datetime] | None = None
        """An answer without one, from before that could be told, and when it came."""
        self._last: Frame | None = None
        self._status: StatusSaid | None = None

    def sent(self, frame: Frame) -> list[Change]:
        """The laptop asked this: it goes on, so what came without an id was its answer."""
        changes: list[Change] = []
        if self._bare is not None:
            self._numbers_answers = False
            (bare, at), self._bare = self._bare, None
            changes = self._told(bare, at)
        self._asked.pop(frame.sequence, None)
        self._last = self._asked[frame.sequence] = frame
        if len(self._asked) > REMEMBERED:
            self._asked.popitem(last=False)
        return changes

    def heard(self, frame: Frame, at: datetime) -> list[Change]:
        """The charger said this. What is short of words or full of others changes nothing, and is told."""
        if frame == self._last:
            text = "The line gives back what is sent: a charger's echo, or RS-485 wiring. It is ignored."
            return [Found(Code.ECHO, text, severity=Severity.INFO)]
        if frame.name == "OK" and frame.sequence is None and self._may_be_to_others:
            if self._last is not None and may_answer(self._last, frame):
                self._bare = self._bare or (frame, at)
            return []
        return self._told(frame, at)

    @property
    def _may_be_to_others(self) -> bool:
        """Asked was with an id, and whether this charger repeats them is not known yet."""
        return self._numbers_answers is None and bool(self._asked) and next(reversed(self._asked)) is not None

    def _told(self, frame: Frame, at: datetime) -> list[Change]:
        if frame.name == "OK":
            asked = self._question_to(frame)
            name = asked.name if asked is not None else ""
            meaning = _ANSWERS.get(name)
        else:
            name, meaning = frame.name, _NEWS.get(frame.name)
        if meaning is None:
            return []
        try:
            return self._news(meaning(_Told(frame.arguments, at)))
        except (ValueError, IndexError, OverflowError):
            text = (
                f"An answer to ${name} that is not what it should be: {' '.join(frame.arguments)[:60] or 'empty'}."
            )
            return [Found(Code.ODD_FRAME, text, f"${name}")]

    def _question_to(self, answer: Frame) -> Frame | None:
        """Some chargers do not repeat the sequence id: then it is what was asked last.

        Where they do, an answer without one is to somebody else: a WiFi module may share the line.
        """
        if answer.sequence is not None:
            asked = self._asked.pop(answer.sequence, None)
            if asked is not None:
                self._numbers_answers, self._bare = True, None
            return asked
        if self._numbers_answers:
            return self._asked.pop(None, None)
        return self._asked.popitem()[1] if self._asked else None

    def _news(self, changes: list[Change]) -> list[Change]:
        """Without the state where it is what it was: it is asked for every second."""
        told = [one for one in changes if not (isinstance(one, StatusSaid) and self._is_known(one))]
        self._status = next((one for one in told if isinstance(one, StatusSaid)), self._status)
        return told

    def _is_known(self, status: StatusSaid) -> bool:
        return self._status is not None and status._replace(since=self._status.since) == self._status


def _version(told: _Told) -> list[Change]:
    firmware, rapi = told.words
    return [Described(Make(vendor="OpenEVSE", model=f"RAPI {rapi}", firmware=firmware))]


def _state(told: _Told) -> list[Change]:
    """``$GS``: state, seconds of charging, pilot state, volatile flags."""
    charging = timedelta(seconds=_count(told.words[1])) if len(told.words) > 1 else timedelta()
    return _status(told.words[0], told.words[3] if len(told.words) > 3 else "0", told.at - charging)


def _state_changed(told: _Told) -> list[Change]:
    """``$AT``: state, pilot state, amperes of the pilot, volatile flags."""
    return [*_status(told.words[0], told.words[3]), *_offered(_count(told.words[2]), told.at)]


def _status(code: str, flags: str, charging_since: datetime | None = None) -> list[Change]:
    state = state_of(code_of(code), int(flags, 16))
    since = charging_since if state.status == "Charging" else None
    return [StatusSaid(1, 1, state.status, state.error, state.words or None, since=since)]


def _count(word: str, base: int = 10) -> int:
    """What is counted from 0 on. Raises ValueError for anything else."""
    value = int(word, base)
    if value < 0:
        raise ValueError(f"{word} is below 0")
    return value


def _booted(told: _Told) -> list[Change]:
    """``$AB``: the result of the self-test, the firmware."""
    post, firmware = int(told.words[0], 16), told.words[1]
    changes: list[Change] = [Booted(Make(vendor="OpenEVSE", firmware=firmware), None, triggered=False)]
    if post:
        what = POST.get(post, f"code {post:02X}")
        changes.append(
            Found(Code.CHARGER_FAULT, f"The self-test at power-up failed: {what}.", what, Severity.FAULT)
        )
    return changes


def _currents(told: _Told) -> list[Change]:
    """``$GC``: least, most by hardware, pilot now, most by settings; amperes. Old firmware tells the first two."""
    _, _, *now = map(_count, told.words[:3])
    return _offered(now[0], told.at) if now else []


def _offered(amperes: int, at: datetime) -> list[Change]:
    return _metered(at, ("Current.Offered", None), amperes, "A")


def _ammeter(told: _Told) -> list[Change]:
    """``$GG``: milliamperes, millivolts."""
    milliamperes, millivolts = int(told.words[0]), int(told.words[1])
    changes: list[Change] = []
    if milliamperes >= 0:
        changes += _metered(told.at, ("Current.Import", "Outlet"), milliamperes / 1000, "A")
    if millivolts > 0:
        changes += _metered(told.at, ("Voltage", "Outlet"), millivolts / 1000, "V")
    return changes


def _energy(told: _Told) -> list[Change]:
    """``$GU``: watt-seconds of this session, watt-hours of all before."""
    session, before = _count(told.words[0]) / 3600, _count(told.words[1])
    return _metered(told.at, ("Energy.Active.Import.Register", "Outlet"), round(before + session, 1), "Wh")


def _temperatures(told: _Told) -> list[Change]:
    """``$GP``: up to three sensors, tenths of a degree; the hottest counts."""
    there = [int(one) for one in told.words if int(one) != NO_SENSOR]
    return _metered(told.at, ("Temperature", "Body"), max(there) / 10, "Celsius") if there else []


def _trips(told: _Told) -> list[Change]:
    """``$GF``: how often its checks have tripped in its life, in hexadecimal."""
    counted = [_count(word, 16) for word in told.words[: len(TRIPS)]]
    return [
        Found(
            Code.TRIPS, f"By its own count {what} {count} time{'s'[: count > 1]} in its life.", what, Severity.INFO
        )
        for what, count in zip(TRIPS, counted, strict=True)
        if count
    ]


def _clock(told: _Told) -> list[Change]:
    """``$GT``: year, month, day, hour, minute, second in a zone that it does not tell.

    Zones lie quarters of an hour apart, from 12 hours behind UTC to 14 before it: what is left of the difference
    is taken for the clock's own.
    """
    if NO_CLOCK in told.words:
        text = "It has no clock, or the battery of its clock is empty: its timer does not work."
        return [Found(Code.CLOCK, text, severity=Severity.INFO)]
    year, month, day, hour, minute, second = map(int, told.words)
    shown = datetime(2000 + year, month, day, hour, minute, second, tzinfo=UTC)
    offset = (shown - told.at).total_seconds()
    zone = round(offset / ZONES_S) * ZONES_S
    return [ClockRead(round(offset - zone if WESTMOST_S <= zone <= EASTMOST_S else offset, 3))]


def _settings(told: _Told) -> list[Change]:
    """``$GE``: amperes now, settings flags. A check that is switched off is worth knowing."""
    amperes, flags = _count(told.words[0]), int(told.words[1], 16)
    off = [
        Found(Code.CHECK_OFF, f"The {check} is switched off in this charger.", check)
        for bit, check in CHECKS_OFF.items()
        if flags & bit
    ]
    return [*_offered(amperes, told.at), *off]


def _metered(at: datetime, what: tuple[str, str | None], value: float, unit: str) -> list[Change]:
    measurand, location = what
    reading = Reading(value, unit, at, None, None, f"{value:g}")
    return [Metered(1, {ReadingKey(measurand, None, location): reading})]


_ANSWERS: dict[str, Callable[[_Told], list[Change]]] = {
    "GV": _version,
    "GS": _state,
    "GC": _currents,
    "GG": _ammeter,
    "GU": _energy,
    "GP": _temperatures,
    "GE": _settings,
    "GF": _trips,
    "GT": _clock,
}
_NEWS: dict[str, Callable[[_Told], list[Change]]] = {"AT": _state_changed, "ST": _state, "AB": _booted}
