"""The parts of a file that profiles of all transports have. Pure."""

from __future__ import annotations

import re
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from techtool.serviceport.profiles import patterns
from techtool.serviceport.profiles.allowed import Allowed, parse
from techtool.serviceport.profiles.common import SCHEMA, Ability, Basis, Line, Transport
from techtool.serviceport.profiles.patterns import Pattern
from techtool.serviceport.profiles.problems import shown
from techtool.serviceport.profiles.tables import Table, nearest

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,60}")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.?-]{0,40}")
_FORMAT = re.compile(r"[78][NEO][12]")
_WHOLE = re.compile(r"-?\d{1,10}|0x[0-9A-Fa-f]{1,8}", re.ASCII)
BAUDS = (300, 4_000_000)


class Head(NamedTuple):
    """What stands before the tables."""

    id: str
    name: str
    transport: Transport
    source: str
    note: str | None


def head(file: Table) -> Head | None:
    """The head of a file; None where something in it is wrong, which is told."""
    schema = file.whole("schema", 1, 10**6, needed=True)
    if schema is not None and schema != SCHEMA:
        file.say("schema", f"schema {schema} was made for another techtool; this one reads schema {SCHEMA}.")
    id = file.text("id", needed=True)
    if id is not None and _ID.fullmatch(id) is None:
        text = (
            f"id must be small letters, digits, dots and dashes, like heidelberg-energy-control, not {shown(id)}."
        )
        file.say("id", text)
    transport = file.choice("transport", Transport, needed=True)
    source = file.raw("source")
    if source is None:
        text = (
            "source is missing; say which document of the vendor the numbers come from, with its date or version."
        )
        file.say(None, text)
    else:
        source = file.text("source")
    name, note = file.text("name"), file.text("note")
    if id is None or transport is None or source is None:
        return None
    return Head(id, name or id, transport, source, note)


def line(file: Table) -> Line | None:
    """How the serial line is set."""
    table = file.table("line", needed=True)
    if table is None:
        return None
    baud = table.whole("baud", *BAUDS, needed=True)
    format = _line_format(table, "format", needed=True)
    override = _line_format(table, "test_override")
    made = basis(table)
    table.close()
    return Line(baud, format, override, made) if baud is not None and format is not None else None


def cannot(file: Table) -> MappingProxyType[Ability, str]:
    """Why abilities are not there."""
    table = file.table("cannot")
    if table is None:
        return MappingProxyType({})
    told = {one: table.text(one) for one in Ability}
    table.close()
    return MappingProxyType({one: reason for one, reason in told.items() if reason is not None})


def basis(table: Table) -> Basis:
    """Where a part comes from, and how sure it is."""
    source, note = table.text("source"), table.text("note")
    verified = table.flag("verified")
    if verified is False and note is None:
        table.say("verified", "verified = false needs a note that says what is known and what is not.")
    return Basis(source, verified is not False, note)


def check_name(table: Table, name: str) -> None:
    """Names are typed by people, after a command."""
    if _NAME.fullmatch(name) is None:
        text = f"{shown(name)} is no name that can be typed: letters, digits, _ . - ?, a letter first, 41 at most."
        table.say(None, text)


def allowed(table: Table) -> Allowed | None:
    """The numbers that a setting takes."""
    text = table.text("allowed")
    if text is None:
        return None
    try:
        return parse(text)
    except ValueError as error:
        table.say("allowed", f"allowed: {error}.")
        return None


def pattern(table: Table, key: str, groups: tuple[str, ...] = (), *, needed: bool = False) -> Pattern | None:
    """A regular expression."""
    text = table.text(key, needed=needed)
    return compiled(table, key, text, groups) if text is not None else None


def compiled(table: Table, key: str, text: str, groups: tuple[str, ...] = ()) -> Pattern | None:
    """The expression of a text; what is wrong with it is told at the key."""
    try:
        return patterns.compiled(text, groups)
    except patterns.PatternError as error:
        table.say(key, f"{key} is no regular expression that can be used: {error}. Write it in single quotes.")
        return None


def numbered(table: Table, key: str, least: int, most: int) -> dict[int, str]:
    """A table of whole numbers with a text each; keys may be hexadecimal. What does not fit is told."""
    inner = table.table(key)
    made: dict[int, str] = {}
    if inner is None:
        return made
    for word, text in inner.pairs():
        number = _number_of(word)
        if number is None or not least <= number <= most:
            inner.say(word, f"{key} has {shown(word)}; whole numbers from {least} to {most} fit here.")
        elif number in made:
            inner.say(word, f"{key} has {number} twice.")
        elif _is_text(inner, key, word, text):
            made[number] = text
    return made


def named(table: Table, key: str) -> dict[str, str]:
    """A table of texts with a text each."""
    inner = table.table(key)
    pairs = inner.pairs() if inner is not None else []
    return {word: text for word, text in pairs if inner is not None and _is_text(inner, key, word, text)}


def unit_of(table: Table, name: str, known: dict[str, str | None]) -> tuple[str | None, str | None]:
    """Unit and label of a value: a name that techtool knows has its unit, any other needs a label."""
    check_name(table, name)
    unit, label = table.text("unit"), table.text("label")
    if name in known:
        if unit is not None and unit != known[name]:
            what = known[name] or "no unit"
            table.say("unit", f"{name} is told in {what}, not in {shown(unit)}: use scale, or another name.")
        return known[name], label
    if label is None:
        near = nearest(name, list(known))
        what = f'"{name[:40]}" is no value that techtool knows'
        text = f"{what}{near or '.'} If it is the charger's own, add a label."
        table.say(None, text)
    return unit, label


def bounds(values: Allowed) -> list[Decimal]:
    """Both ends of all ranges."""
    return [end for pair in values.ranges for end in pair]


def _line_format(table: Table, key: str, *, needed: bool = False) -> str | None:
    text = table.text(key, needed=needed)
    if text is not None and _FORMAT.fullmatch(text) is None:
        table.say(
            key, f"{key} must be data bits, parity (N, E, O) and stop bits, like 8N1 or 8E1, not {shown(text)}."
        )
        return None
    return text


def _number_of(word: str) -> int | None:
    return int(word, 16 if word.startswith("0x") else 10) if _WHOLE.fullmatch(word) else None


def _is_text(table: Table, key: str, word: str, text: Any) -> bool:
    if isinstance(text, str) and text.strip() and len(text) <= 100:
        return True
    table.say(word, f"{key} gives {shown(word)} no text of 1 to 100 characters, but {shown(text)}.")
    return False
