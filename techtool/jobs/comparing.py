"""What is not the same in the settings of two chargers, or of one at two times. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from techtool.jobs.described import rule_for
from techtool.jobs.fitting import same
from techtool.jobs.saved import Saved

Same = Callable[[str, str, str], bool]
"""Whether two spellings of the setting of this name mean one value."""


class Difference(NamedTuple):
    """A setting that is not the same on both sides; None where a side has none of that name."""

    name: str
    left: str | None
    right: str | None


def same_by(left: Saved, right: Saved) -> Same:
    """By the rules of the version and the make that the first, else the second, tells of."""
    charger = {**right.charger, **left.charger}
    told = charger.get("protocol", "")

    def judged(name: str, one: str, other: str) -> bool:
        version = told.removeprefix("ocpp") if told else ("2.0.1" if "/" in name else "1.6")
        return same(rule_for(name, version, charger.get("vendor")), one, other)

    return judged


def differences(left: Saved, right: Saved, same: Same, silent: Sequence[str] = ()) -> list[Difference]:
    """What is not the same, by name; ``same(name, one, other)`` knows which spellings mean one value.

    What one side has left out is not compared, nor what the right one lacks where it did not tell all: ``silent``.
    """
    apart = []
    unknown = {one.casefold() for one in (*left.left_out, *right.left_out)}
    alike = _alike(left) | _alike(right)
    mine, theirs = _by_name(left, alike), _by_name(right, alike)
    for key in dict.fromkeys((*mine, *theirs)):
        if key.casefold() in unknown or (silent and key not in theirs):
            continue
        name, one = mine.get(key, (None, None))
        other_name, other = theirs.get(key, (None, None))
        shown = name or other_name or key
        if one is None or other is None or not same(shown, one, other):
            apart.append(Difference(shown, one, other))
    return apart


def _by_name(kept: Saved, alike: set[str]) -> dict[str, tuple[str, str]]:
    """In lower case, as chargers do not agree on capitals, but for names that nothing else tells apart."""
    return {name if (key := name.casefold()) in alike else key: (name, value) for name, value in kept.all.items()}


def _alike(kept: Saved) -> set[str]:
    """Names in lower case that one charger has twice."""
    return {key for key, count in Counter(map(str.casefold, kept.all)).items() if count > 1}
