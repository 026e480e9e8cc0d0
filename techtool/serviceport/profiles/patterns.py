"""Regular expressions of profiles, and the one line that they look at. Pure.

A line is cut to :data:`LONGEST` characters, and an expression that repeats what repeats already is refused: on a
line that almost fits, such a one can take years. What is not seen to be one is stopped while it runs, which the
standard library's ``re`` cannot do.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from typing import Protocol

import regex

LONGEST = 512
"""Characters of a line that are looked at."""
MOST = 300
"""Characters of an expression."""
REPEATS = 6
"""Places in an expression that may match more or less; each one multiplies the time."""

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_QUANTIFIER = re.compile(r"([*+?]|\{(\d*)(,?)(\d*)\})[?+]?")


LIMIT_S = 0.05
"""One that takes longer does not fit: nobody waits for it, and nothing else does."""


class Match(Protocol):
    """Where an expression fits."""

    def __getitem__(self, group: str | int, /) -> str: ...

    def groupdict(self) -> dict[str, str | None]:
        """The named groups."""


class Pattern:
    """An expression that is stopped where it takes too long."""

    def __init__(self, text: str) -> None:
        self._compiled: regex.Pattern[str] = regex.compile(text)

    @property
    def pattern(self) -> str:
        """As it was written."""
        return self._compiled.pattern

    @property
    def groupindex(self) -> Mapping[str, int]:
        """The named groups that it has."""
        return self._compiled.groupindex

    def search(self, line: str) -> Match | None:
        """The first place where it fits; None where there is none, or looking for it took too long."""
        try:
            return self._compiled.search(line[:LONGEST], timeout=LIMIT_S)
        except TimeoutError:
            return None


class PatternError(ValueError):
    """It cannot be used; the text says why."""


def compiled(text: str, groups: tuple[str, ...] = ()) -> Pattern:
    """The expression, which must have the named ``groups``. Raises PatternError."""
    if len(text) > MOST:
        raise PatternError(f"it has {len(text)} characters, {MOST} are the most")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(text)  # what it says of a mistake is what people know
            pattern = Pattern(text)
    except (re.error, regex.error, OverflowError, RecursionError, FutureWarning, DeprecationWarning) as error:
        raise PatternError(f"{error}") from None
    _check_time(text)
    for group in groups:
        if group not in pattern.groupindex:
            raise PatternError(f"it has no group (?P<{group}>…), which says where the {group} stands")
    return pattern


def plain(line: str, *, strip_ansi: bool = True) -> str:
    """A line as expressions see it: without its end, cut, and without terminal escapes if wanted."""
    shown = _ANSI.sub("", line[: 8 * LONGEST]) if strip_ansi else line
    return shown.strip("\r\n")[:LONGEST]


def found(pattern: Pattern, line: str) -> dict[str, str] | None:
    """The named groups of the first match in a line, without blanks around them; None without a match."""
    match = pattern.search(line)
    if match is None:
        return None
    return {name: (text or "").strip() for name, text in match.groupdict().items()}


def _check_time(text: str) -> None:
    """Raises PatternError for a repeated group that has a repeat or a choice in it, and for too many repeats."""
    varies = [False]
    repeats = at = 0
    while at < len(text):
        char, ended = text[at], False
        if char == "\\":
            at += 2
        elif char == "[":
            at = _behind_set(text, at)
        else:
            at += 1
            if char == "(":
                varies.append(False)
                continue
            if char == "|":
                varies[-1] = True
                continue
            if char == ")" and len(varies) > 1:
                ended = varies.pop()
                varies[-1] |= ended
        quantifier = _QUANTIFIER.match(text, at)
        if quantifier is None:
            continue
        at = quantifier.end()
        sign, least, comma, most = quantifier.groups()
        if sign == "?" or (least and not comma) or (comma and least == most):
            varies[-1] |= sign == "?"
            continue
        if ended:
            raise PatternError(
                "it repeats a group that may match in several ways, which can take years on one line"
            )
        varies[-1] = True
        repeats += 1
    if repeats > REPEATS:
        raise PatternError(f"it has {repeats} repeats (*, +), {REPEATS} are the most")


def _behind_set(text: str, at: int) -> int:
    """The place behind a ``[…]``; a ``]`` that comes first belongs to it."""
    at += 1
    at += text.startswith("^", at)
    at += text.startswith("]", at)
    while at < len(text) and text[at] != "]":
        at += 2 if text[at] == "\\" else 1
    return at + 1
