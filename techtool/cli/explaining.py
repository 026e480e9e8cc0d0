"""``techtool config explain``: what is known of a setting, without a charger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from techtool.cli import output
from techtool.cli.exits import Exit
from techtool.text import safe

if TYPE_CHECKING:
    from techtool.cli.reply import Reply
    from techtool.knowledge.facts import Fact

_WIDTH = 100


def explain(name: str, version: str | None, reply: Reply) -> None:
    """Say everything that is known of what goes by this name; only in this version, if one is given."""
    from techtool.knowledge.looking_up import facts_about, like

    found = [one for one in facts_about(name) if version is None or version in one.versions]
    if not found:
        meant = ", ".join(like(name))
        where = f" in OCPP {version}" if version is not None and facts_about(name) else ""
        hint = f" Perhaps: {meant}." if meant else " `techtool config list` shows what a charger has."
        reply.fail(Exit.USAGE, f"techtool knows no setting {name[:80]}{where}.{hint}", "unknown-setting")
    if reply.as_json:
        reply.give(verdict="proved", value={"facts": [_document(one) for one in found]})
        return
    for number, one in enumerate(found):
        if number:
            output.say("")
        for line in _lines(one, version or one.versions[-1]):
            output.say(safe(line))


def _lines(fact: Fact, version: str) -> Iterator[str]:
    from techtool.knowledge.telling import may, standing, takes

    yield f"{fact.name}   {standing(fact)}"
    told = fact.meaning or "Only its name is known: what it does is told by the maker."
    yield from _wrapped(told)
    yield from _told("takes", takes(fact, version))
    if (members := fact.members_in(version)) and fact.shape in ("list", "sequence", "text"):
        yield from _told("of", ", ".join(members))
    if fact.format:
        yield from _told("form", fact.format)
    yield from _told("access", may(fact))
    yield from _told("advice", fact.advice)
    yield from _told("seen", fact.example)
    yield from _told("known", fact.sure)
    yield from _told("source", fact.source)


def _told(what: str, text: str) -> Sequence[str]:
    lines = wrap(text, _WIDTH - 11, break_long_words=False, break_on_hyphens=False)
    return [f"  {what if not number else '':<8} {line}" for number, line in enumerate(lines)]


def _wrapped(text: str) -> Sequence[str]:
    return [f"  {line}" for line in wrap(text, _WIDTH - 2, break_on_hyphens=False)]


def _document(fact: Fact) -> dict[str, Any]:
    return {
        "name": fact.name,
        "versions": list(fact.versions),
        "make": fact.make,
        "sure": fact.sure or None,
        "meaning": fact.meaning or None,
        "type": fact.shape.value,
        "unit": fact.unit or None,
        "least": _number(fact.least),
        "most": _number(fact.most),
        "usual": [_number(one) for one in fact.usual] if fact.usual is not None else None,
        "members": {version: list(fact.members_in(version)) for version in fact.versions}
        if fact.members
        else None,
        "format": fact.format or None,
        "access": fact.access.value or None,
        "reboot": fact.reboot or None,
        "profile": fact.profile or None,
        "required": fact.required or None,
        "advice": fact.advice or None,
        "example": fact.example or None,
        "source": fact.source or None,
    }


def _number(value: Any) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)
