"""What a charger did in earlier visits and will do again. Pure.

Whoever knows it understands the visit sooner (FIELD.md, thread 18). Only codes and the names of messages are
carried from visit to visit: the sentences of findings may quote what is private.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from techtool.csms import lenient
from techtool.station.findings import Code

WORDS: Mapping[Code, str] = {
    Code.DEAF: "turned deaf",
    Code.NO_ANSWER: "did not answer {}",
    Code.LATE_ANSWER: "answered late to {}",
    Code.REPAIRED: "sent broken JSON in {}",
    Code.SCHEMA: "kept not to the standard in {}",
    Code.WRONG_UNIT: "gave energy in a wrong unit",
    Code.BOOT_MISSING: "came back without a BootNotification",
    Code.TRIGGER_REFUSED: "refused to send {} when asked",
    Code.CLOCK: "had a wrong clock",
    Code.FLOOD: "flooded with {}",
}
"""The habits that are told, the ones that cost most time first; ``{}`` is for names of messages."""
NAMED = 4
_MOST = 40
"""Characters of a message's name."""


def about(subject: str) -> str:
    """The message that a finding is about; empty where it is about none."""
    first = subject.split(" ", 1)[0]
    return first if first.isascii() and first.isalpha() and len(first) <= _MOST else ""


def sentence(habits: Any) -> str | None:
    """``[{"code", "about"}]`` of a record in words; None where it tells nothing: files hold anything."""
    seen: dict[Code, list[str]] = {}
    for habit in lenient.items(habits):
        code = next((one for one in WORDS if one.value == habit.get("code")), None)
        if code is not None:
            seen.setdefault(code, []).append(about(lenient.text(habit.get("about")) or ""))
    told = [words.format(_named(seen[code])) for code, words in WORDS.items() if code in seen]
    return f"In earlier visits it {', '.join(told)}." if told else None


def _named(messages: Iterable[str]) -> str:
    names = sorted({one for one in messages if one})
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more if names else "some messages"
