"""What to ask after a command, and whether the answer shows that it had its effect. Pure.

``$OK`` is a promise, and ``$NK`` does not mean that nothing changed: ``$SC 99`` is refused, and done as far as is
possible. Source: OpenEVSE/open_evse rapi_proc.cpp; tried with firmware 8.2.3.EU.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from techtool.serviceport.rapi.frames import Frame
from techtool.serviceport.rapi.states import code_of

REBOOT = "FR"
REBOOT_S = 12.0
"""It is not answered: the watchdog fires after 2 s, the self-test takes another 3, and then ``$AB`` comes."""
CLOCK_S = 5
"""A clock that was set may have gone on for so long when it is read."""
_ASLEEP, _DISABLED = 0xFE, 0xFF
_LEVEL_2, _AUTO_OFF, _MONO = 0x0001, 0x0020, 0x0100
OFF_BITS = {"B": 0x8000, "D": 0x0002, "F": 0x0200, "G": 0x0008, "R": 0x0010, "T": 0x0400, "V": 0x0004}
"""Of ``$GE``: set where the feature is off."""


class Seen(NamedTuple):
    """What was seen of a command's effect."""

    shown: bool
    answer: Frame | None = None
    """Name and sequence of the question, with the words of its answer; None where a boot was waited for."""


class ReadBack(NamedTuple):
    """A question whose answer tells."""

    question: Frame
    shows: Callable[[Sequence[str]], bool]
    """Whether these words show the effect. Raises ValueError and IndexError for words that make no sense."""


def read_back(command: Frame) -> ReadBack | None:
    """What to ask after this command; None where nothing tells, or the command itself makes no sense."""
    made = _MADE.get(command.name)
    try:
        return made(command.arguments) if made is not None else None
    except (ValueError, IndexError):
        return None


def shown(check: ReadBack, words: Sequence[str]) -> bool:
    """Whether the answer shows the effect; what cannot be read shows nothing."""
    try:
        return check.shows(words)
    except (ValueError, IndexError):
        return False


def _current(given: Sequence[str]) -> ReadBack:
    """``$SC amperes [V|M]``; ``$GC`` tells the most by hardware, ``$GE``, of old firmware too, the current."""
    wanted = int(given[0])
    question, place = ("GC", 1) if given[1:2] == ("M",) else ("GE", 0)
    return ReadBack(Frame(question), lambda told: int(told[place]) == wanted)


def _state(fits: Callable[[int], bool]) -> Callable[[Sequence[str]], ReadBack]:
    return lambda given: ReadBack(Frame("GS"), lambda told: fits(code_of(told[0])))


def _feature(given: Sequence[str]) -> ReadBack | None:
    name, on = given[0], given[1]
    if name not in OFF_BITS or on not in ("0", "1"):
        return None
    return ReadBack(Frame("GE"), lambda told: bool(int(told[1], 16) & OFF_BITS[name]) is (on == "0"))


def _level(given: Sequence[str]) -> ReadBack:
    if given[0] == "A":  # which one it is, is found out at the next start
        return ReadBack(Frame("GE"), lambda told: not int(told[1], 16) & _AUTO_OFF)
    wanted = _AUTO_OFF | (_LEVEL_2 if given[0] == "2" else 0)
    return ReadBack(Frame("GE"), lambda told: int(told[1], 16) & (_AUTO_OFF | _LEVEL_2) == wanted)


def _display(given: Sequence[str]) -> ReadBack:
    return ReadBack(Frame("GE"), lambda told: bool(int(told[1], 16) & _MONO) is (given[0] == "0"))


def _lock(given: Sequence[str]) -> ReadBack:
    """``$S5 A|M|0|1``; ``$G5`` tells whether it is locked, and by whom."""
    place = 1 if given[0] in ("A", "M") else 0
    return ReadBack(Frame("G5"), lambda told: told[place] == given[0])


def _clock(given: Sequence[str]) -> ReadBack:
    """``$S1`` and ``$GT``: year without its century, month, day, hour, minute, second."""
    wanted = _time(given)
    return ReadBack(Frame("GT"), lambda told: 0 <= (_time(told) - wanted).total_seconds() <= CLOCK_S)


def _time(words: Sequence[str]) -> datetime:
    year, month, day, hour, minute, second = map(int, words)
    return datetime(2000 + year, month, day, hour, minute, second)


def _numbers(question: str, *, at: int = 0) -> Callable[[Sequence[str]], ReadBack]:
    """What is set is told in the same order, from this word on."""

    def made(given: Sequence[str]) -> ReadBack:
        wanted = [int(one) for one in given]
        return ReadBack(Frame(question), lambda told: [int(one) for one in told[at : at + len(wanted)]] == wanted)

    return made


_MADE: dict[str, Callable[[Sequence[str]], ReadBack | None]] = {
    "SC": _current,
    "FD": _state(lambda state: state == _DISABLED),
    "FS": _state(lambda state: state == _ASLEEP),
    "FE": _state(lambda state: state not in (_ASLEEP, _DISABLED)),
    "FF": _feature,
    "SL": _level,
    "S0": _display,
    "S1": _clock,
    "S3": _numbers("G3"),
    "S4": _numbers("G4"),
    "S5": _lock,
    "SA": _numbers("GA"),
    "SH": _numbers("GH"),
    "SK": _numbers("GU", at=1),
    "SM": _numbers("GM"),
    "ST": _numbers("GD"),
    "SV": _numbers("GG", at=1),
    "SY": _numbers("GY"),
}
