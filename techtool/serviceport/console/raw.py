"""What a technician types into a console: checked before, judged after. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from techtool.serviceport.console.commands import Command, Ended, Ending
from techtool.serviceport.console.driver import name_of
from techtool.serviceport.profiles.codec import RefusedError
from techtool.serviceport.profiles.console import ConsoleProfile, Habits
from techtool.serviceport.profiles.lines import filled
from techtool.station.outcomes import CallRefusedError, Outcome, Verdict
from techtool.station.records import Direction, Kind, Record
from techtool.text import safe

SHOWN = 500
"""Lines of an answer in an outcome."""
_KEPT = (Kind.LINE, Kind.PROMPT, Kind.TIMEOUT)
_PLACE = re.compile(r"\\{(key|value)\\}")


class Asked(NamedTuple):
    """One line that the technician wrote."""

    command: Command
    question: bool
    """The profile asks just this: it changes nothing, and its answer is all of it."""


def prepare(line: str, profile: ConsoleProfile, *, force: bool = False) -> Asked:
    """A line as it goes out, with the end that the device wants.

    Raises :class:`CallRefusedError` for what cannot be typed. ``force`` lets through what writes a setting without
    being checked; never a character that is a key.
    """
    try:
        data = filled("{value}" + profile.habits.eol, profile.habits, value=line)
    except RefusedError as error:
        raise CallRefusedError(str(error)) from None
    if not force and _writes(line, profile):
        text = f"{safe(line, 60)}: this writes a setting, and nobody checks it; `call set` does."
        raise CallRefusedError(f"{text} --force sends it anyway.")
    sends = {one.send.rstrip("\r\n") for one in (*profile.info, *profile.status)}
    sends |= {one.send.rstrip("\r\n") for one in (profile.detect, profile.dump) if one is not None}
    return Asked(Command((data,)), line in sends)


def _writes(line: str, profile: ConsoleProfile) -> bool:
    """Whether it sets a value by itself, in one line."""
    if profile.write is None or profile.write.then is not None:
        return False
    pattern = _PLACE.sub(r"\\S.*", re.escape(profile.write.send.rstrip("\r\n")))
    return re.fullmatch(pattern, line.strip()) is not None


def judge(ended: Ended, habits: Habits, *, question: bool, records: tuple[int, ...] = ()) -> Outcome:
    """What came of a line. The answer to a question is its whole effect; anything else did what nobody checked."""
    name, lines = name_of(ended.command.lines[0], habits), [safe(one) for one in ended.answer[:SHOWN]]
    verdict = Verdict.ACCEPTED
    match ended.ending:
        case Ending.ANSWERED if question:
            verdict, text = Verdict.PROVED, f"{name} was answered."
        case Ending.ANSWERED:
            text = f"{name} was answered; what else it did is not checked."
        case Ending.ASKED | Ending.NOT_ASKED:
            asks = lines[-1] if lines else ""
            text = f"{name} wants a value ({asks}); none was given, and its dialogue was left."
        case Ending.REFUSED:
            verdict, text = Verdict.REFUSED, f"{name} was refused: {lines[-1] if lines else 'without a word'}."
        case _:
            return Outcome(Verdict.UNANSWERED, unanswered(ended, name), lines or None, records)
    if not ended.whole:
        text += " No prompt came after it, so there may be more."
    return Outcome(verdict, text, lines, records)


def unanswered(ended: Ended, name: str) -> str:
    """Why there is no answer, and what is known of the effect."""
    unknown = "" if ended.command.reads else "; whether it acted on it is unknown"
    match ended.ending:
        case Ending.REBOOTED:
            return f"The device started anew before {name} was answered{unknown}."
        case Ending.LINK_LOST:
            known = "whether it acted on it is unknown" if ended.sent else "it never went out"
            return f"The port was lost before {name} was answered; {known}."
    return f"No answer to {name} in {ended.seconds:.0f} s{unknown}."


def evidence(records: Iterable[Record], lines: Iterable[bytes]) -> tuple[int, ...]:
    """The records of what was typed, and of what came after it."""
    ours, typed = False, frozenset(lines)
    numbers: list[int] = []
    for record in records:
        if record.direction is Direction.LAPTOP and record.kind is Kind.LINE:
            ours = record.data in typed
        if ours and record.kind in _KEPT:
            numbers.append(record.number)
    return tuple(numbers)
