"""A RAPI command of the technician: checked before it goes out, and judged when it is over. Pure.

Source of the dangers: tried on OpenEVSE firmware 8.2.3.EU. ``$SC x`` raised a limit of 6 A to 32 A and was
answered ``$NK``; echo cannot be switched off again; ``$SC n M`` can be set once in the life of a charger.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from techtool.serviceport.rapi.dialogue import Ended, Ending, reads
from techtool.serviceport.rapi.frames import Frame, FrameError, encode
from techtool.serviceport.rapi.readback import REBOOT_S, Seen
from techtool.serviceport.rapi.syntax import known, misread
from techtool.station.outcomes import CallRefusedError, DangerousError, Outcome, Verdict
from techtool.station.records import Kind, Record

_CHECKS = {"D": "diode check", "F": "GFCI self-test", "G": "ground check", "R": "stuck relay check",
           "T": "temperature check", "V": "ventilation check"}  # fmt: skip
FEATURES = ("B", "E", *_CHECKS)
"""What ``$FF`` is known to switch."""


def prepare(action: str, payload: Any, *, force: bool = False) -> Frame:
    """The command: ``SC`` with ``[16, "V"]``, or the line ``$SC 16 V``. Raises :class:`CallRefusedError`.

    ``force`` sends what changes a charger for good; never what a charger misunderstands.
    """
    if payload == {}:
        action, payload = _line(action)
    words = payload if isinstance(payload, list) else [payload]
    if not all(isinstance(one, str | int) and not isinstance(one, bool) for one in words):
        raise CallRefusedError(f'{action}: its words are given as a JSON list, like ["16", "V"].')
    frame = Frame(action.removeprefix("$").upper(), tuple(str(one) for one in words))
    try:
        encode(frame._replace(sequence="FF"))
    except FrameError as error:
        raise CallRefusedError(str(error)) from error
    if (why := misread(frame)) is not None:
        raise CallRefusedError(why)
    if not force and (danger := _danger(frame)) is not None:
        raise DangerousError(f"${frame.name}: {danger}. --force sends it anyway.", danger)
    return frame


def evidence(records: Iterable[Record], ended: Ended, seen: Seen | None) -> tuple[int, ...]:
    """The numbers of the records with the command, its answer, and what showed its effect.

    Without a sequence id that is all that passed meanwhile.
    """
    ours = [one for one in records if one.kind is Kind.RAPI]
    if ended.command.sequence is None:
        return tuple(one.number for one in ours)
    sought = [f":{ended.command.sequence}^"]
    if seen is not None:
        sought.append(f":{seen.answer.sequence}^" if seen.answer is not None else "$AB ")
    return tuple(one.number for one in ours if any(part.encode() in one.data for part in sought))


def _judge_effect(ended: Ended, seen: Seen, records: tuple[int, ...]) -> Outcome:
    name = f"${ended.command.name}"
    if seen.answer is None:
        if seen.shown:
            return Outcome(Verdict.PROVED, "It has booted again ($AB).", None, records)
        if ended.ending is Ending.ACCEPTED:
            text = f"{name} was accepted, but it told of no boot in {REBOOT_S:.0f} s."
            return Outcome(Verdict.ACCEPTED, text, None, records)
        return Outcome(Verdict.UNANSWERED, f"It did not boot again in {REBOOT_S:.0f} s.", None, records)
    words = list(seen.answer.arguments)
    told = f"${seen.answer.name} tells {' '.join(words)}"
    if ended.ending is Ending.TIMED_OUT:
        verdict, so = (Verdict.PROVED, "but it is so") if seen.shown else (Verdict.UNANSWERED, "and it is not so")
        return Outcome(verdict, f"{name} was not answered, {so}: {told}.", words, records)
    if ended.ending is Ending.REFUSED:
        changed = "it has what was wanted all the same" if seen.shown else "it may have changed all the same"
        return Outcome(Verdict.REFUSED, f"{name} was refused ($NK); {changed}: {told}.", words, records)
    if seen.shown:
        return Outcome(Verdict.PROVED, f"{name} was accepted, and read back: {told}.", words, records)
    return Outcome(Verdict.CONTRADICTED, f"{name} was accepted, but {told}.", words, records)


def _line(text: str) -> tuple[str, list[str]]:
    """A line as it stands on the wire, its sequence id and checksum left out: those are ours."""
    name, *words = text.partition("^")[0].split() or [""]
    return name, [one for one in words if not one.startswith(":")]


def _danger(frame: Frame) -> str | None:
    match frame.name, frame.arguments:
        case "SC", (_, "M"):
            return "this most current can be set once, ever"
        case "SK", _:
            return "this overwrites the counter of all energy"
        case "FF", ("E", _):
            return "echo stays on until the charger boots again, and confuses what listens"
        case "FF", (check, "0") if check in _CHECKS:
            return f"this switches the {_CHECKS[check]} off, which protects people"
        case "FF", (letter, _) if letter not in FEATURES:
            return f"techtool does not know what {letter} switches"
    return None if known(frame) else "techtool does not know what this does"


def judge(ended: Ended, records: tuple[int, ...] = (), seen: Seen | None = None) -> Outcome:
    """What came of it. The answer to a question is its whole effect; anything else is only a promise."""
    if seen is not None:
        return _judge_effect(ended, seen, records)
    name, words = f"${ended.command.name}", list(ended.answer.arguments) if ended.answer is not None else None
    match ended.ending:
        case Ending.ACCEPTED if reads(ended.command):
            return Outcome(Verdict.PROVED, f"{name} was answered.", words, records)
        case Ending.ACCEPTED:
            return Outcome(Verdict.ACCEPTED, f"{name} was accepted; its effect is not checked.", words, records)
        case Ending.REFUSED:
            more = "" if reads(ended.command) else " It may have changed something all the same: read it back."
            return Outcome(
                Verdict.REFUSED, f"{name} was refused ($NK): not built in, or not now.{more}", words, records
            )
        case Ending.TIMED_OUT:
            unknown = "" if reads(ended.command) else "; whether the charger acted on it is unknown"
            text = f"No answer to {name} in {ended.seconds:.0f} s{unknown}."
        case Ending.LINK_LOST:
            known = "whether the charger acted on it is unknown" if ended.sent else "it never went out"
            text = f"The port was lost before {name} was answered; {known}."
    return Outcome(Verdict.UNANSWERED, text, None, records)
