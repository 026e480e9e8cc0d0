"""Finding what is known of a setting, by the name that a charger or a technician gives it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cache
from itertools import chain

from techtool.knowledge.facts import GENERIC, Fact, keys, own_keys, variables

SUGGESTED = 5
LONGEST = 250
"""Characters of a name that are looked at: chargers write what they like."""
_COMMON = frozenset({"charger", "chargers", "unnamed", "based", "wallbox", "smart", "firmware", "united"})
"""Words of makes that are words of others, too."""
_PLACE = re.compile(r"@[\d.]+$")
_INSTANCE = re.compile(r"\[([^\]]*)\]$")


def fact_of(name: str, version: str, vendor: str | None = None) -> Fact | None:
    """What is known of a setting that a charger has; None where nothing is.

    ``name`` is a key, or ``Component/Variable[instance]@evse.connector``; ``version`` 1.6, 2.0.1 or 2.1.
    Of makes' own settings, that of this ``vendor`` is preferred.
    """
    found = [one for one in _named(_PLACE.sub("", name[:LONGEST])) if version in one.versions]
    return min(found, key=lambda one: _strangeness(one, vendor), default=None)


def facts_about(name: str) -> list[Fact]:
    """Everything that goes by this name, of any version and make; variables also without their component."""
    plain = _PLACE.sub("", name[:LONGEST])
    found = list(dict.fromkeys(_named(plain)))
    if "/" not in plain:
        bare = _folded(_INSTANCE.sub("", plain))
        found += [one for one in variables() if _folded(_variable(one.name)) == bare and one not in found]
    return found


def keys_of(vendor: str | None) -> list[str]:
    """The keys of 1.6 that a charger of this vendor may have: the standard's, and its make's own."""
    own = (
        one.name for one in own_keys() if vendor and "1.6" in one.versions and is_of_make(one.make or "", vendor)
    )
    return [one for one in dict.fromkeys((*(one.name for one in keys()), *own)) if "<" not in one]


def like(name: str) -> list[str]:
    """Names that may have been meant."""
    plain = _folded(_PLACE.sub("", name[:LONGEST]))
    known = _by_folded_name()
    close = get_close_matches(plain, known, SUGGESTED, 0.75)
    within = [one for one in known if plain in one] if len(plain) >= 4 else []
    return [known[one] for one in dict.fromkeys((*close, *within))][:SUGGESTED]


def is_of_make(make: str, vendor: str) -> bool:
    """Whether a charger that names this vendor is of the make.

    ``Vestel EVC04 / Webasto Unite`` is the make of a charger that calls itself "VESTEL".
    """
    words = [one for one in re.findall(r"[a-z0-9]{3,}", make.casefold()) if one not in _COMMON]
    told = re.sub(r"[^a-z0-9]", "", vendor.casefold())
    return any(word in told for word in words[:2])


def _named(name: str) -> Iterator[Fact]:
    """The closest first: the very name, one whose parts differ, the variable of any component."""
    found = _index()
    wanted = _folded(name)
    yield from found.get(wanted, ())
    instance = _INSTANCE.search(name)
    if "/" in name:
        plain = _INSTANCE.sub("", wanted)
        yield from (one for one in found.get(f"{plain}[<>]", ()) if instance is not None)
        yield from found.get(plain, ()) if instance is not None else ()
        variable = plain.partition("/")[2]
        yield from found.get(f"{GENERIC}/{variable}", ())
    else:
        yield from found.get(re.sub(r"\d+$", "<>", wanted), ())


def _strangeness(fact: Fact, vendor: str | None) -> int:
    if fact.make is None:
        return 0
    return 1 if vendor and is_of_make(fact.make, vendor) else 2


def _folded(name: str) -> str:
    """Chargers do not agree on capitals. What differs between instances is ``<>``."""
    return re.sub(r"<(?!generic>)[^>]*>", "<>", name.casefold())


def _variable(name: str) -> str:
    return _INSTANCE.sub("", name).partition("/")[2]


@cache
def _index() -> dict[str, tuple[Fact, ...]]:
    found: dict[str, tuple[Fact, ...]] = {}
    for one in _all():
        name = _folded(one.name)
        found[name] = (*found.get(name, ()), one)
    return found


@cache
def _by_folded_name() -> dict[str, str]:
    names: dict[str, str] = {}
    for one in _all():
        if one.component != GENERIC:
            names.setdefault(_folded(one.name), one.name)
            if "/" in one.name:
                names.setdefault(_folded(_variable(one.name)), _variable(one.name))
    return names


def _all() -> Iterable[Fact]:
    return chain(keys(), variables(), own_keys())
