"""Lines of a console: what is typed, and what one line of an answer says. Pure."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from techtool.serviceport.profiles import patterns
from techtool.serviceport.profiles.codec import RefusedError, written
from techtool.serviceport.profiles.console import Ask, ConsoleProfile, Habits, Kind, Setting

_PLACE = re.compile(r"\{([^{}]*)\}")
PLACES = frozenset({"key", "value"})
_NUMBER = re.compile(r"[+-]?\d{1,12}(?:\.\d{1,9})?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,12}", re.ASCII)


class Row(NamedTuple):
    """One setting as a dump shows it."""

    key: str
    value: str


def places(template: str) -> set[str]:
    """The names between braces in a template."""
    return {match[1] for match in _PLACE.finditer(template)}


def filled(template: str, habits: Habits, **values: str) -> bytes:
    """The bytes of a template with its values. Raises RefusedError for what must not be typed.

    No value may have a control character: a line end in it would be a second command.
    """
    for value in values.values():
        if not value.isprintable():
            raise RefusedError(f"{value[:40]!r} has characters that cannot be typed.")
    text = _PLACE.sub(lambda match: values.get(match[1], match[0]), template)
    if len(text.rstrip("\r\n")) > habits.max_line:
        raise RefusedError(f"That is too long: the charger takes {habits.max_line} characters in a line.")
    try:
        return text.encode(habits.encoding)
    except UnicodeEncodeError:
        raise RefusedError(
            f"The charger takes {habits.encoding} only; {text[:40]!r} has other characters."
        ) from None


def lines_of(profile: ConsoleProfile, key: str, given: str) -> tuple[bytes, ...]:
    """What is typed to set a key. Raises RefusedError for everything that the profile does not allow."""
    if profile.write is None:
        raise RefusedError(f"{profile.name} has nothing that can be written.")
    one = next((one for one in profile.settings if one.key == key), None)
    if one is None:
        there = ", ".join(one.key for one in profile.settings) or "none"
        raise RefusedError(f"What {key[:40]!r} takes is not known, so it is not written; known are: {there}.")
    value = _value(one, given.strip())
    sent = [profile.write.send, *([profile.write.then] if profile.write.then is not None else [])]
    return tuple(filled(template, profile.habits, key=one.key, value=value) for template in sent)


def value_in(ask: Ask, line: str, habits: Habits) -> int | Decimal | str | None:
    """What one line says of a value; None where it is not the line, or has no such number."""
    groups = patterns.found(ask.pattern, patterns.plain(line, strip_ansi=habits.strip_ansi))
    if groups is None:
        return None
    text = groups["value"]
    if ask.texts:
        return ask.texts.get(text)
    if ask.kind is Kind.INT:
        return int(text) if _WHOLE.fullmatch(text) else None
    if ask.kind is Kind.FLOAT:
        return Decimal(text) if _NUMBER.fullmatch(text) else None
    return text


def row_in(profile: ConsoleProfile, line: str) -> Row | None:
    """The setting that one line of a dump shows; None where it shows none."""
    if profile.dump is None:
        return None
    groups = patterns.found(profile.dump.row, patterns.plain(line, strip_ansi=profile.habits.strip_ansi))
    return Row(groups["key"], groups["value"]) if groups is not None and groups["key"] else None


def shows(one: Setting, given: str, row: str) -> bool:
    """Whether a dump shows what was set: a choice by how it is shown, a number by the number."""
    text = given.strip()
    if one.choices:
        sent = next((sent for sent in one.choices if sent.casefold() == text.casefold()), text)
        return one.choices.get(sent, sent).casefold() == row.strip().casefold()
    if one.kind is Kind.TEXT:
        return text == row.strip()
    there = _NUMBER.search(row)
    return there is not None and _NUMBER.fullmatch(text) is not None and Decimal(there[0]) == Decimal(text)


def is_chatter(habits: Habits, line: str) -> bool:
    """Whether the device says this unasked."""
    shown = patterns.plain(line, strip_ansi=habits.strip_ansi)
    return any(pattern.search(shown) for pattern in habits.chatter)


def is_error(habits: Habits, line: str) -> bool:
    """Whether the device says that it refuses."""
    shown = patterns.plain(line, strip_ansi=habits.strip_ansi)
    return any(pattern.search(shown) for pattern in habits.error)


def range_words(one: Setting) -> str:
    """What a key takes, in words."""
    unit = f" {one.unit}" if one.unit else ""
    if one.choices:
        return " or ".join(one.choices)
    if one.allowed is not None:
        return f"{one.allowed}{unit}"
    return {Kind.TEXT: "text", Kind.INT: f"a whole number{unit}", Kind.FLOAT: f"a number{unit}"}[one.kind]


def _value(one: Setting, text: str) -> str:
    if one.choices:
        for sent in one.choices:
            if sent.casefold() == text.casefold():
                return sent
        raise RefusedError(f"{text[:40]!r} is not allowed for {one.key}: {range_words(one)}.")
    if one.kind is Kind.TEXT:
        if not text:
            raise RefusedError(f"{one.key} takes no empty value.")
        return text
    bare = text.removesuffix(one.unit).rstrip() if one.unit else text
    if (_WHOLE if one.kind is Kind.INT else _NUMBER).fullmatch(bare) is None:
        raise RefusedError(f"{text[:40]!r} is no number for {one.key}: {range_words(one)}.")
    if one.allowed is not None and Decimal(bare) not in one.allowed:
        raise RefusedError(f"{written(Decimal(bare))} is not allowed for {one.key}: {range_words(one)}.")
    return bare.lstrip("+")
