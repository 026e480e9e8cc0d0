"""The lines of what may be at a serial port: what was found, who answered, and everything that there is. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from techtool.text import safe

from .widgets.lines import fit, wrap
from .widgets.look import Look
from .widgets.sheet import Line, line

if TYPE_CHECKING:
    from techtool.serviceport.probing import Probed
    from techtool.serviceport.profiles.library import Entry, Library
    from techtool.serviceport.traits import Trait

WIDTH = 58
MOST_UNIT = 247
QUIET = "Do not type at it: it opens as a raw console, which types nothing by itself."


class Found(NamedTuple):
    """The cursor is on something that was found."""

    place: int


class Profile(NamedTuple):
    """The cursor is on a profile."""

    id: str


class More(Enum):
    """What else can be done."""

    ELSE = "all that there is"
    LINE = "the RS-485 line"
    ALL_UNITS = "all units of it"
    SPEED = "another speed"
    OPENEVSE = "an OpenEVSE"
    SMP = "SMP"
    FILE = "a profile in a file"


def proved(trait: Trait) -> bool:
    """It has shown by a checksum what it is."""
    from techtool.serviceport.probing import PROVED  # a laptop without a service port never needs it

    return trait.sure >= PROVED and not trait.quiet


def unit_of(entry: Entry) -> int | None:
    """The unit as the box comes; None where it has none."""
    from techtool.serviceport.profiles.model import ModbusProfile

    return entry.profile.bus.unit if isinstance(entry.profile, ModbusProfile) else None


def unit_words(units: Sequence[int]) -> str:
    """Which were asked."""
    return f"unit {units[0]}" if len(units) == 1 else f"units {units[0]} to {units[-1]}"


def told(found: Probed, look: Look) -> list[Line]:
    """What a look at a port found, the likeliest first, and what else can be done."""
    lines = [part for place, one in enumerate(found.candidates) for part in _candidate(place, one, look)]
    lines += _advice(found)
    quiet = any(one.quiet for one in found.candidates)
    rest = [] if quiet else [_more("Look on the RS-485 line (asks boxes, writes nothing)", More.LINE)]
    lines += [*rest, _more("Look at another speed ...", More.SPEED), _more("Something else ...", More.ELSE)]
    return lines


def answered(found: Probed, look: Look, *, more: bool) -> list[Line]:
    """Who answered on an RS-485 line; ``more`` units can be asked."""
    lines = [part for place, one in enumerate(found.candidates) for part in _candidate(place, one, look)]
    lines += _advice(found)
    if more:
        lines.append(_more(f"Ask all {MOST_UNIT} units, which takes minutes", More.ALL_UNITS))
    return [*lines, _more("Something else ...", More.ELSE)]


def everything(library: Library, *, boxes_only: bool) -> list[Line]:
    """Everything that a port can be opened as."""
    fitting = [one for one in library.entries if not boxes_only or one.profile.protocol == "modbus"]
    own = [one for one in fitting if one.origin.value == "own"]
    lines = [] if boxes_only else [_named("OpenEVSE", "", More.OPENEVSE), _named("SMP (MCUmgr)", "", More.SMP)]
    if own:
        lines += [line(" Yours"), *map(_entry, own), line(" techtool's own")]
    lines += [_entry(one) for one in fitting if one not in own]
    lines.append(_named("A profile in a file ...", "", More.FILE))
    if library.problems:
        files = len({one.file for one in library.problems})
        of_yours = "1 profile of yours" if files == 1 else f"{files} profiles of yours"
        text = f"{of_yours} cannot be used as it stands: `techtool profile check` says why."
        lines += [line(""), *(line(f" {part}") for part in wrap(text, WIDTH))]
    return lines


def _candidate(place: int, one: Trait, look: Look) -> list[Line]:
    name, sure = safe(one.name), f"{one.sure} %"
    head = line(f"   {fit(name, WIDTH - 12)} {sure:>6}", Found(place), start=2, end=WIDTH)
    words = [safe(one.evidence)]
    if one.quiet:
        words.append(QUIET)
    elif one.where is not None and one.profile is None:
        words.append("Enter asks which box it is.")
    said = [part for said in words for part in wrap(said, WIDTH - 6)]
    return [head, *(line(f"      {part}") for part in said)]


def _advice(found: Probed) -> list[Line]:
    lines = [line(f" {part}") for part in wrap(found.advice, WIDTH)] if found.advice is not None else []
    return [*lines, line("")] if lines or found.candidates else []


def _more(text: str, key: More) -> Line:
    return line(f"   {text}", key, start=2, end=WIDTH)


def _entry(one: Entry) -> Line:
    return _named(one.profile.name, one.profile.protocol, Profile(one.profile.id))


def _named(name: str, kind: str, key: More | Profile) -> Line:
    return line(f"   {fit(safe(name), 46)} {kind}", key, start=2, end=WIDTH)
