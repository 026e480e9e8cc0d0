"""Which words each command of RAPI takes. Pure.

A charger looks at the first letter of a word only, and makes a number of whatever it gets: ``$FF GND 0`` switches
the ground check off, ``$SC 40 MAX`` sets the most current once and for ever, ``$SC x`` is 72 A. So what is not
written as it should be must never go out. Source: OpenEVSE/open_evse rapi_proc.cpp.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from techtool.serviceport.rapi.dialogue import reads
from techtool.serviceport.rapi.frames import Frame

LEAST_A, MOST_A = 6, 80

Takes = Callable[[str], bool]


class Form(NamedTuple):
    """One way to write a command."""

    words: tuple[Takes, ...]
    text: str
    """The same for people."""
    more: bool = False
    """Any words may follow."""

    def fits(self, given: tuple[str, ...]) -> bool:
        """Whether these words are written so."""
        if len(given) < len(self.words) or (len(given) > len(self.words) and not self.more):
            return False
        return all(takes(one) for takes, one in zip(self.words, given, strict=False))


def _to(most: int, least: int = 0) -> Takes:
    return lambda word: word.isascii() and word.isdecimal() and least <= int(word) <= most


def _of(*known: str) -> Takes:
    return lambda word: word in known


def _letter(word: str) -> bool:
    return len(word) == 1 and word.isascii() and word.isupper()


_SWITCH, _SHORT, _WORD = _of("0", "1"), _to(255), _to(32_767)
_NOTHING = (Form((), "no words"),)
_ON_OFF = (Form((_SWITCH,), "0 or 1"),)
_SCALES = (Form((_WORD, _WORD), "a scale and an offset, each 0 to 32767"),)

FORMS: Mapping[str, tuple[Form, ...]] = {
    "F0": _ON_OFF,
    "F1": _NOTHING,
    "FB": (Form((_to(7),), "a colour from 0 to 7"),),
    "FD": _NOTHING,
    "FE": _NOTHING,
    "FF": (Form((_letter, _SWITCH), "the letter of a feature, and 0 or 1"),),
    "FP": (Form((_to(15), _to(1)), "column, row and a text", more=True),),
    "FR": _NOTHING,
    "FS": _NOTHING,
    "S0": _ON_OFF,
    "S1": (
        Form(
            (_to(99), _to(12, 1), _to(31, 1), _to(23), _to(59), _to(59)),
            "year without its century, month, day, hour, minute, second",
        ),
    ),
    "S2": _ON_OFF,
    "S3": (Form((_SHORT,), "quarters of an hour from 0 to 255"),),
    "S4": _ON_OFF,
    "S5": (Form((_of("0", "1", "A", "M"),), "0, 1, A or M"),),
    "SA": _SCALES,
    "SB": _NOTHING,
    "SC": (
        Form((_to(MOST_A, LEAST_A),), f"{LEAST_A} to {MOST_A} A"),
        Form((_to(MOST_A, LEAST_A), _of("V", "M")), "with V until the next start only, with M once and for ever"),
    ),
    "SH": (Form((_SHORT,), "kWh from 0 to 255"),),
    "SK": (Form((_to(999_999_999),), "Wh from 0 to 999999999"),),
    "SL": (Form((_of("1", "2", "A"),), "1, 2 or A"),),
    "SM": _SCALES,
    "ST": (
        Form((_to(23), _to(59), _to(23), _to(59)), "hour and minute of the start, hour and minute of the end"),
    ),
    "SV": (Form((_to(300_000, 80_000),), "80000 to 300000 mV"),),
    "SY": (
        Form((), "no words"),
        Form((_SHORT,), "the number that acknowledges a miss"),
        Form((_to(65_535), _to(MOST_A)), "seconds from 0 to 65535 and amperes"),
    ),
}
"""The commands that do something, and how each is written."""


def known(frame: Frame) -> bool:
    """Whether it is known what this command does."""
    return reads(frame) or frame.name in FORMS


def misread(frame: Frame) -> str | None:
    """Why a charger would make something else of this, in a sentence; None where it would not."""
    forms = FORMS.get(frame.name)
    if forms is None or any(one.fits(frame.arguments) for one in forms):
        return None
    given = " ".join(frame.arguments) or "nothing"
    takes = "; ".join(one.text for one in forms)
    return f"${frame.name} takes {takes}. {given[:40]!r} a charger would read in its own way."
